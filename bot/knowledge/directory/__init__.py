"""The directory of services, in the terms of Open Referral HSDS 3: built from content and imports."""
