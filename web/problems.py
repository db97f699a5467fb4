"""What can go wrong on any page, in words."""

from web.i18n import N_, sentences

sentences(
    page_unknown=N_("There is no page at {where}. Check the address, or search from the home page."),
    page_failed=N_("Something went wrong on our side. Your work is kept; try again in a moment."),
    page_forbidden=N_(
        "Your account may not open {where}. Ask a curator for access, or sign in with another account."
    ),
    account_needed=N_("{where} needs an account. Sign in and try again."),
    request_stale=N_("This form was open too long. Go back, reload the page and send it again."),
    request_wrong=N_("The request cannot be understood. Go back, check what was entered and try again."),
    login_wrong=N_("The e-mail or the password is not right. Check both and try again."),
    login_throttled=N_("Too many wrong passwords. Wait {minutes} minutes and try again."),
    password_short=N_("The password is too short: it needs at least {length} characters."),
    account_exists_conflict=N_(
        "There is an account for {where} already. Sign in, or ask for a new password."
    ),
    account_incomplete=N_("Write an e-mail address and a name."),
    account_last=N_("This is the only administrator left; make another one first."),
    password_wrong=N_("The present password is not right."),
    invitation_unknown=N_("This link was used, revoked or is too old. Ask whoever sent it for a new one."),
    registration_forbidden=N_("Here accounts are made by invitation. Ask a curator for a link."),
    registration_throttled=N_(
        "Many accounts were made from this address. Wait {minutes} minutes and try again."
    ),
    provider_failed=N_("Signing in with {where} did not work. Try again, or use a password."),
    provider_email=N_(
        "{where} does not vouch for your e-mail address, so nobody can tell whose account this is."
    ),
    backup_nothing=N_("There is no database in {where}, so there is nothing to back up."),
    backup_in_the_way=N_(
        "{where} holds something already, so nothing was restored. Name an empty folder with --data."
    ),
    backup_damaged=N_("{where} is not a whole backup, so nothing was restored."),
    backup_made=N_("Backed up and checked: {where} ({mb} MB)"),
    backup_restored=N_("Restored into {where}: {files} files. Start Relato as usual."),
    house_full=N_(
        "The builder is full right now. Try again in a minute; every ready chart and all data stay open."
    ),
    opening_address=N_("Relato is at {where} (stop it with Ctrl+C). Data: {data}"),
    opening_account=N_("Sign in for a try, on this machine only: {where} with password {password}"),
    opening_sync=N_("Reading the list of datasets…"),
    opening_synced=N_("{where}: {datasets} datasets"),
    opening_reading=N_("Reading the files: {done} of {total}. Everything read so far can be used already."),
    opening_stories=N_("Preparing the example stories…"),
    opening_warming=N_("Warming up the builder…"),
    opening_done=N_("Ready: every file is read ({seconds} s)."),
)
