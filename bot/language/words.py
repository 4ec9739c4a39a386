"""The program's own words, in English: everything that is said outside flows and content.

`own` marks a text for translators and gives it back; its `msgctxt` is ``waymark``. Lists are one message each, a
line per word or phrase, so that a language may have more or fewer.
"""

from __future__ import annotations

from bot.language import service_words
from bot.language.marking import CONTEXT, every, own, own_plural

__all__ = ["CONTEXT", "every", "service_words"]

# The row under every screen, in this order everywhere.
# translators: a button under every screen; leaves at once
LEAVE = own("Leave now")
# translators: a button under every screen; the screen before
BACK = own("Back")
# translators: a button under every screen; emergency numbers and helplines
HELP = own("Help now")
# translators: a button; the next part of a list
MORE = own("More")
# translators: a button; go on where I was before this list was shown
KEEP = own("Go on where I was")

# What people may type.
# translators: dull words that leave at once, one a line; nobody should type one by accident
EXIT_WORDS = own("exit\nexit now\nquit\nquit now\nleave\nleave now\nstop\nget out\nclose this\ngoodbye\nbye")
# translators: words for the screen before, one a line
BACK_WORDS = own("back\ngo back\nprevious")
# translators: words for urgent help, one a line; each is the whole message
HELP_WORDS = own("help\nhelp now\nhelp me\nsos\nemergency")
# translators: words for the next part of a list, one a line
MORE_WORDS = own("more\nnext\nshow more")
# translators: words for the list of all conversations, one a line
MENU_WORDS = own("menu\nmain menu\nhome")
# translators: words for beginning this conversation again, one a line
OVER_WORDS = own("start over\nstart again\nrestart\nbegin again")
# translators: words for choosing a language, one a line
LANGUAGE_WORDS = own("language\nchange language\nother language")
# translators: words for saying where one is, one a line
PLACE_WORDS = own("place\nchange place\ncountry\nmy country")
# translators: words for stopping now and going on another day, one a line; the first of them is named to people
KEEP_WORDS = own(
    "keep my place\nkeep my place until tomorrow\ncome back tomorrow\ngo on tomorrow\ncontinue tomorrow\ngo on later"
)
# translators: words for yes, one a line
YES_WORDS = own("yes\ny\nyeah\nyep\nok\nokay\nsure")
# translators: words for no, one a line
NO_WORDS = own("no\nn\nnope\nnot really")
# translators: small words that say nothing about a subject, one a line
SMALL_WORDS = own(
    "the\nand\nfor\nwith\nhave\nhas\nhad\nwant\nwants\nthey\nthem\nthis\nthat\nwhat\nabout\nfrom\ninto\nyou\nyour\nare\n"
    "was\n"
    "were\nbeen\ncan\ncould\nwould\nshould\nwill\nnot\nbut\nsome\nsomething\nsomeone\nthere\nhere\njust\nlike\nneed\n"
    "more\nplease\nreally\nvery\ndoes\ndid\nget\ngot\nhim\nher\nhis\nshe\nall\nany\nthings\nthing\nknow\nsay\nsays\ntell\ntold"
)
# translators: words for going on without answering, one a line
SKIP_WORDS = own("skip\npass\nno answer\ngo on\nnothing")
# translators: what somebody in danger may write, one phrase a line; each may stand inside a longer message
DANGER_PHRASES = own(
    "i am in danger\nim in danger\ni am not safe\nim not safe\nnot safe here\ndont feel safe\n"
    "do not feel safe\nfeel unsafe\nscared of him\nscared of her\nscared of them\nafraid of him\n"
    "afraid of her\nafraid of them\nhe is here\nshe is here\nthey are here\nhes here\nshes here\n"
    "theyre here\nhe is outside\nshe is outside\nthey are outside\nhes outside\nshes outside\n"
    "theyre outside\nhe is coming\nshe is coming\nhes coming\nshes coming\ntheyre coming\nfollowing me\n"
    "has a gun\ngot a gun\nhas a knife\ngot a knife\nhas a weapon\nkill me\nkill us\nmurder me\nat the door\n"
    "being beaten\ngoing to hurt me\nhurting me\nstrangled me\nchoked me\nstrangling me\nchoking me\n"
    "hands on my neck\nhands around my neck\ncant breathe\ncannot breathe\nhit me\nhits me\nhitting me\n"
    "beat me\nbeats me\nbeating me\nkicked me\nkicks me\nraped me\nbeen raped\nwas raped\ni am bleeding\n"
    "im bleeding\ncall the police\nneed an ambulance\nplease help\nhelp me please\nneed help now"
)
# translators: what somebody in despair may write, one phrase a line; each may stand inside a longer message
DESPAIR_PHRASES = own(
    "want to die\nwanna die\nwant die\nkilling myself\nkill my self\nend my own life\ntook too many pills\n"
    "too many pills\nwant to be dead\nwish i was dead\nwish i were dead\nbetter off dead\nkill myself\nkms\n"
    "end my life\nending my life\nend it all\ndont want to live\ndo not want to live\ndont want to be alive\n"
    "dont want to be here\ncant go on\ncannot go on\nno reason to live\nsuicide\nsuicidal\nhurt myself\n"
    "harm myself\nself harm\ncut myself\ncutting myself\ntook pills\ntaken pills\noverdose"
)

# translators: beginnings of words that must not stand in the first forty characters of a screen, because a locked phone
# shows those to whoever picks it up, one a line
SENSITIVE_WORDS = own(
    "abus\nadult\nassault\nrape\nrapi\nmolest\ngroomed\nbeat\ndomestic\nharass\ntraffick\nsex\nviolen\nharm\nhurt\nmediat\nnda\nndas\nlegal\nlawsuit\npolice\ncourt\n"
    "victim\nsurviv\nperpetrat\nsuicid\ndie\ndying\nkill\nweapon\nstrangl\nstalk\nhelpline\ncrisis\ndanger\nunsafe\n"
    "safe\nsafety\nafraid\nfear\nfright\nthreat\ntherap\nprotection\naccus\naccountab\nprocess\ntrauma\nadvocate\n"
    "secret\nemergenc\ncalled out"
)

# What the commands of a messenger do, in words that give nothing away.
COMMANDS = {
    "start": own("Begin"),
    "menu": own("The list"),
    "exit": own("Leave and clear"),
    "x": own("Leave and clear"),
    "language": own("Language"),
    "place": own("Place"),
    "help": own("Help"),
    "privacy": own("Who can read this"),
    "developer_info": own("Who made this"),
    "whatyouknow": own("What is kept"),
}

# What a messenger shows of the program before a conversation, and to whoever looks it up.
# translators: stands in the empty chat, where somebody else may see it; it must not say what the program is about, and
# not be odd either; no word of the list of sensitive words, 512 characters at most
DESCRIPTION = own("Choose a line, or type its number. To begin, press Start.")
# translators: the line under the name in the profile; it must say nothing, 120 characters at most
SHORT_DESCRIPTION = own("A small program with buttons.")

# Kind lines about what just happened.
NOTICES = {
    "unsure": own(
        "I am a program and know few words, so I missed that. You can choose one of these, or type its number. "
        "If something is wrong right now, choose **Help now**."
    ),
    "long": own(
        "That sounds like a lot to carry. I am a program and cannot take in long messages. You do not need to tell me "
        "this, or give names. I have removed it and did not keep it. For someone who listens, choose **Help now**."
    ),
    "stale": own("That choice was from an earlier screen. This is where you are now."),
    "moved": own("This part was changed since your last step. Here is its beginning."),
    "first": own("There is no screen before this one."),
    "no_spot": own(
        "I do not know that one. A town near it may do, or the first part of the code. You can also go on without."
    ),
    "no_place": own("I do not know that place. You can try the name of a country, or go on without one."),
    "full": own("The card is full. You can go on without adding to it."),
    "heard": own("I read that, and I take it seriously. If I took it wrongly, choose **Back**."),
    "later": own("I will come to that, after a few screens about how this works."),
    "urgent": own("I read that, and it matters. What I can offer is here, and under **Help now**."),
    "other": own("I can only read text. I have removed what you sent."),
    "not_here": own("I have nothing on that for you here. The helplines can talk about it with you."),
    "trouble": own("Something went wrong here. You are where you were. You can try again, or leave."),
}
# translators: somebody typed more than a card can hold; {count} is how many characters it can
FEWER = own_plural("Please use fewer words: {count} character.", "Please use fewer words: up to {count} characters.")

# Lists that are laid over a screen.
WHICH_FLOW = own("You may mean this. Choose it, or go on where you were.")
WHICH_PLACE = own("Which place do you mean? You can choose one, or type another.")
WHICH_LANGUAGE = own("Which language would you like?")
WHICH_SPOT = own("Which one do you mean? You can choose one, or type another.")
# translators: {place} is the name of a country, offered after some of its regions
ELSEWHERE = own("Elsewhere: {place}")
# translators: {page} and {pages} are numbers
PAGE_OF = own("{page} of {pages}")
# translators: the last line of every screen; {title} is the name of this conversation
WHERE = own("You are in: {title}")
# translators: a line under the choices in a terminal
TYPE_HERE = own("Type a number or a word.")
TYPE_PLACE = own("Type a place, or a number.")
TYPE_SPOT = own("Type a postcode or a town, or a number.")
TYPE_TEXT = own("Type your words, or a number.")
# translators: what a person left empty on a card they will fill in by hand
BLANK = "__________"
# translators: several things that were ticked, on a card; they may have commas in them
AND_ALSO = own("{ticked}; {next}")

# Facts and services.
LAW_CARD = own(
    "This is general information from {source}, checked on {date}, for this place: {place}. It is not legal advice. "
    "A lawyer or advocate can tell you what it means for you."
)
# translators: {law} is the official name of a law
LAW_NAME = own("The law: {law}")
NO_PLACE_YET = own("I do not know where you are, so I cannot look this up. You can tell me a place, or go on.")
ANY_COUNTRY = own("I do not know where you are. This one is for any country. With a place I can look for nearer ones.")
NO_FACTS = own("I have no facts for that place. A lawyer or advocate there can tell you more.")
RECHECKING = own("This information is being checked again, so I do not show it. A lawyer or advocate can help.")
EMERGENCY = own("Emergency: call **{number}**")
EMERGENCY_ALSO = own("Emergency: call **{number}** or **{also}**")
EMERGENCY_TEXT = own("Emergency by text: **{number}**")
EMERGENCY_UNKNOWN = own("Call the emergency number where you are.")
EMERGENCY_KNOWN = own("{place}: **{number}**")

# Something to read, hear or watch. The names of what it is stand after the title, before who made it.
KINDS = {
    # translators: a small booklet, often copied by hand and given away
    "zine": own("a zine (a small booklet)"),
    "book": own("a book"),
    "film": own("a film"),
    "guide": own("a guide"),
    "site": own("a website"),
    # translators: somebody who talks in public about a subject
    "speaker": own("a speaker"),
    "organisation": own("an organisation"),
}
# translators: {kind} is such as "a book", {names} are those who made it
MADE_BY = own("{kind}, by {names}.")
NOTHING_TO_READ = own("I have nothing on this shelf now.")
AS_GIVEN = own("The addresses are as given in the guides I draw on. Nobody has checked them lately.")
LINK_TRACE = own("A link stays in the browser.")

# The first line of a screen in any language but English, until somebody has signed for it; 60 characters at most.
# translators: above facts about the law; "this translation" is the one you write
UNREVIEWED = own("Nobody who works in law has checked this translation yet.")
# translators: above emergency numbers and helplines; "the numbers are" means: have been checked
UNREVIEWED_NUMBERS = own("This translation is not checked yet. The numbers are.")

# Texts about privacy, made from what the messenger can really do.
LOCAL_ENCRYPTION = own("This conversation stays on this computer. Nothing is sent, and nothing is written to a file.")
NO_ENCRYPTION = own(
    "{messenger} bot chats are **not** end-to-end encrypted. {messenger} can read them. So can we, while we answer."
)
ENCRYPTION = own("Messages are encrypted between you and us. We can read them while we answer.")
SEEN_HERE = own("Anyone who can see this screen can read it.")
SEEN_ELSEWHERE = own("Anyone who can open your {messenger}, here or on another device, can see this chat now.")
SPYWARE = own("A program that records this device can record this too. Another device is safer.")
NOT_KEPT = own("What you type is forgotten once read, but for short words you choose to put on a card.")
EXIT_HOW = own("To leave, choose **Leave now**. You can also type **{word}** or **{command}**.")
EXIT_CLEARS_WINDOW = own("This window is then cleared, and what you chose is forgotten.")
EXIT_CLEARS_CHAT = own("I then ask {messenger} to delete the messages of this conversation, mine and yours.")
EXIT_CLEARS_OURS = own("I then ask {messenger} to delete my messages. I cannot delete yours.")
EXIT_MISSES_WINDOW = own("I cannot clear what another program has recorded, or what somebody has seen.")
EXIT_MISSES_CHAT = own(
    "I cannot delete the chat in your list, screenshots, notices on the phone, or copies that {messenger} keeps."
)
EXIT_SUSPECT = own("An empty screen can itself be noticed. You choose what is safer for you.")
EXIT_STUCK = own("If nothing happens within seconds, type **{command}**. If still nothing, delete the chat yourself.")
EXIT_STUCK_WINDOW = own("If nothing happens, close the window.")
HOLDING = own(
    "Until you leave I hold where you are in the conversation. I hold your language, and a place or a spot if you gave "
    "one. I hold what you ticked, and short words for a card."
)
HOLDING_UNTIL = own_plural(
    "It is gone when you leave, or after {count} minute without a choice.",
    "It is gone when you leave, or after {count} minutes without a choice.",
)
# translators: said after the text above about minutes
HOLDING_KEPT = own_plural(
    "Where you ask me to keep it until tomorrow, that is after {count} hour.",
    "Where you ask me to keep it until tomorrow, that is after {count} hours.",
)
# translators: {button} is a button; the dull line is the one that says "Nothing new."
KEPT_UNTIL = own_plural(
    "The screen becomes one dull line with a button, **{button}**. Behind it I hold where you are for {count} hour. "
    "Then I forget it, and ask {messenger} to delete the line.",
    "The screen becomes one dull line with a button, **{button}**. Behind it I hold where you are for {count} hours. "
    "Then I forget it, and ask {messenger} to delete the line.",
)
# translators: {button} is a button, {word} an exit word, {command} something to type
KEPT_HOW = own(
    "To go on, choose **{button}** there, or type it. To leave, type **{word}**. If you type **{command}**, you begin "
    "anew, and where you were is forgotten."
)
KEPT_SEEN = own("Whoever opens this chat can choose **{button}** too, and see where you were.")
OPERATOR = own("This is run by {name}, {country}. You can reach them at {contact}.")
OPERATOR_SELF = own("You run this program yourself, on this computer.")
NOT_REVIEWED = own("No lawyer or advocate has gone over these texts yet. Neither has anybody who went through this.")
# translators: {title} is the name of a conversation, {role} is such as "a lawyer"
REVIEWED = own("{title}: read by {role} on {date}.")
# translators: the same with a name, of somebody who wished it
REVIEWED_BY = own("{title}: read by {name}, {role}, on {date}.")
NOT_THE_REST = own("Nobody but us has gone over the rest yet.")
MORE_REVIEWS = own("There were more readings than fit on this screen.")
REVIEWERS = {
    # translators: somebody trained to stand by people who were harmed
    "advocate": own("an advocate"),
    "counsellor": own("a counsellor"),
    # translators: somebody who leads talks after harm
    "facilitator": own("somebody who leads such talks"),
    "lawyer": own("a lawyer"),
    # translators: somebody who was harmed, and says so of themselves
    "survivor": own("somebody who went through this"),
    "translator": own("a translator"),
}
# translators: the one dull line that may be left on the screen; it must say nothing
DULL = own("Nothing new.")
# translators: the one button under that line, where somebody's place is kept; it must say nothing
CONTINUE = own("Continue")
