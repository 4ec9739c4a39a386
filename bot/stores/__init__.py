"""Where sessions rest."""
