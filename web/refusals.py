"""Why not: each code of a refusal as a sentence that says what is wrong and how to go on."""

from typing import Final

from domain.dates import NotADate, partial_date
from domain.kernel import Refusal
from web.initiatives.deed_words import DEEDS
from web.initiatives.sentences import SENTENCES as FACTS
from web.initiatives.words import ENTRY_RULES, STANDINGS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.words import KINDS, STAGES, SUPPORT

GENERAL: Final = N_("This is not possible now (%(code)s).")

SENTENCES: Final = {
    # forms and dates
    "exchange.nothing-said": N_("Give at least one day."),
    "exchange.side-unknown": N_("No side here is called “%(side)s”."),
    "exchange.not-trusted": N_("No register with the key %(key)s is trusted here."),
    "exchange.not-for-this-side": N_("%(register)s is not trusted to speak for this side."),
    "exchange.case-unknown": N_("No live case here has the sides %(sides)s."),
    "exchange.case-unclear": N_("Several live cases here have these sides: %(numbers)s."),
    "exchange.cases-unclear": N_("Several cases of the file have the sides of %(here)s: %(numbers)s."),
    "exchange.older-than-known": N_("A newer file of the same register was taken before."),
    "form.missing": N_("Fill in this field."),
    "form.too-long": N_("At most %(most)s characters fit here; there are %(length)s."),
    "form.not-printable": N_("The text holds invisible characters. Type it anew, or paste it as plain text."),
    "form.invisible": N_("An invisible character (%(sign)s) is in the text. Type it anew, or paste it as plain text."),
    "form.choice-missing": N_("Choose one."),
    "form.choice-unknown": N_("Choose one of those offered."),
    "form.number-out-of-range": N_("Give a whole number from %(least)s to %(most)s."),
    "form.day-missing": N_("“%(typed)s” is not a whole day. Give day, month and year, such as 17. 3. 2026."),
    "date.unclear": N_("“%(typed)s” cannot be read as a date. Write it as 17. 3. 2026, or March 2026, or 2026."),
    "date.impossible": N_("There is no such day: %(day)s"),
    "date.out-of-range": N_("Give a year from %(earliest)s to %(latest)s."),
    "date.in-future": N_("%(day)s has not come yet. Record it when it has happened."),
    "past.preparing": N_("This day is being put together, %(done)s of %(whole)s records. Ask again in two seconds."),
    "past.not-come": N_("%(day)s has not come yet. Look back at a day up to today."),
    # signing in and rights
    "sign-in.wrong": N_("The e-mail address or the password is not right."),
    "sign-in.too-often": N_("Too many attempts. Wait %(minutes)s min and try again, or ask for a sign-in link."),
    "sign-in.link-over": N_("This link was used already, or its time is over. Ask the administrator for a new one."),
    "access.administrator-only": N_("Only an administrator may do this."),
    "access.scope-missing": N_("The token does not have the scope that this needs: %(scope)s."),
    "access.no-casework": N_("Your role does not work on cases."),
    "access.deed-not-yours": N_("Your role may not do this."),
    "access.whole-log": N_("Only those who see every case may read the whole log."),
    "access.auditors-only": N_("Only auditors may see who looked."),
    "access.too-many-requests": N_("Too many requests with this token. Wait %(seconds)s s and try again."),
    "access.too-many-wrong-tokens": N_("Too many wrong tokens from this address. Wait %(seconds)s s and try again."),
    "access.provider-unavailable": N_("The identity provider cannot be reached right now. Try again in a moment."),
    "access.token-missing": N_("A bearer token is needed, and it must not be over."),
    # the request and the log
    "request.bad-request": N_("The request cannot be read."),
    "request.not-found": N_("There is no such address."),
    "request.method-not-allowed": N_("This method is not served at this address."),
    "request.unexpected": N_(
        "Something went wrong on our side. The administrator finds it by the number %(reference)s."
    ),
    "log.conflict": N_("Somebody changed this in the meantime. See what is new and try again."),
    "log.key-reused": N_("This form was sent before with other content. Open the page anew and enter it again."),
    "log.unavailable": N_("The register cannot be reached right now. Try again in a minute."),
    "log.unreadable": N_(
        "Fact %(position)s (%(topic)s) was written by a newer version of the program, and this one cannot read it. "
        "Try again in a few minutes; if it stays so, tell the administrator."
    ),
    "procedure.not-at-hand": N_(
        "The case follows the procedure %(pin)s, whose file is missing here. "
        "Tell the administrator: it has to be put back."
    ),
    "feed.type-unknown": N_("There is no type of fact called %(type)s."),
    "feed.cursor-beyond-end": N_("The log does not reach that far."),
    "request.parameter": N_("The parameter “%(name)s” of the address cannot be read."),
    "request.json-wanted": N_("Send JSON, with the content type application/json."),
    "request.body": N_("The body cannot be read: %(reason)s."),
    "request.unknown-field": N_("There is no field “%(name)s” here."),
    "request.idempotency-key": N_(
        "Give the request a name of its own in Idempotency-Key: 1 to %(most)s printable characters without a space."
    ),
    "request.if-match-missing": N_('Say in If-Match which version was seen, such as "7".'),
    "request.if-match-unreadable": N_('If-Match names one version in quotes, such as "7", or is *.'),
    "request.cursor": N_("This cursor is not of this list. Begin without one."),
    "feed.parameter": N_("The parameter “%(name)s” of the address cannot be read."),
    "feed.streams-of-token": N_("At most %(most)s streams may be open for one token. Close one of them first."),
    "feed.streams-full": N_("At most %(most)s streams may be open here at once. Try again in a moment."),
    # handing over several cases
    "hand-over.none": N_("No case is chosen. Tick the cases in the list, or choose all that were found."),
    "hand-over.too-many": N_(
        "At most %(most)s cases can be handed over at a time; these are %(found)s. Filter further."
    ),
    "hand-over.already-theirs": N_("This person leads the case already."),
    # saved views of the register
    "saved-view.name-taken": N_("Another one of yours is called “%(name)s”. Choose another name, or replace that one."),
    "saved-view.too-many": N_("At most %(most)s can be saved. Remove one that is not needed any more."),
    "saved-view.unreadable": N_("These filters cannot be saved. Open the list anew and choose them again."),
    "access.saved-view-not-yours": N_("Only who saved it may change it; what is shared, any coordinator."),
    "access.coordinators-share": N_("Only coordinators save filters for everybody."),
    # accounts and tokens
    "account.name-empty": N_("Write the name of the person."),
    "account.name-long": N_("The name may have at most %(most)s characters."),
    "account.email-invalid": N_("This is no e-mail address. It looks like name@town.rs."),
    "account.email-taken": N_("%(email)s has an account already."),
    "account.not-printable": N_("The text holds invisible characters. Type it anew, or paste it as plain text."),
    "account.local-government-missing": N_("Choose the local government of the officer."),
    "account.local-government-only-for-officers": N_("Only a municipal officer has a local government of their own."),
    "account.locale-unknown": N_("Choose one of those offered."),
    "account.password-short": N_("The password needs at least %(least)s characters."),
    "account.password-long": N_("The password may have at most %(most)s characters."),
    "account.password-common": N_("This is one of the passwords that are guessed first. Take words of your own."),
    "account.password-own-name": N_("This is little more than the name or the address. Take other words."),
    "account.passwords-differ": N_("The two are not alike. Type the new password twice."),
    "account.present-password-wrong": N_("The present password is not right."),
    "account.disabled": N_("The account of %(name)s is disabled. Enable it first."),
    "account.own-stays-enabled": N_("You cannot disable your own account. Another administrator can."),
    "account.same-account": N_("Choose another account."),
    "account.gone": N_("This account does not exist or is disabled."),
    "account.unknown": N_("There is no account with the address %(email)s."),
    "token.name-empty": N_("Write the name of the system that will use the token."),
    "token.scope-unknown": N_("Choose at least one scope: %(scopes)s."),
    "token.too-long": N_("A token may last from 1 to %(days)s days."),
    "token.gone": N_("There is no such token, or it has ended."),
    "token.overlap-too-long": N_("The former secret may work on for %(hours)s hours at most."),
    "token.no-provider": N_("No identity provider is set here. Set POBRATIM_OIDC_ISSUER first."),
    "token.client-invalid": N_("Write it as the identity provider has it, in at most %(most)s characters."),
    "token.client-gone": N_("There is no such client here, or it was removed."),
    # the log of an auditor
    "audit.backwards": N_("The last day lies before the first."),
    "bundle.case-unknown": N_("There is no case %(number)s."),
    "bundle.nothing-sealed": N_("Nothing is sealed yet, so nothing can be proven."),
    "bundle.not-sealed-yet": N_("Nothing of these days is sealed yet. Ask for earlier days, or again in a minute."),
    "bundle.seal-stopped": N_(
        "The seal does not hold, so there is no bundle. Tell the operator: pobratim audit verify"
    ),
    "bundle.not-come": N_("%(day)s has not come yet. Give a day up to today."),
    "bundle.before-first": N_("By then nothing was recorded. The first record is of %(first)s"),
    "audit.no-number": N_("“%(typed)s” is no number of a case. Write it as 2026-0042."),
    "audit.too-many": N_(
        "A table of Excel holds at most %(most)s rows; these are more. Filter further, or take another format."
    ),
    # absences
    "absence.backwards": N_("The last day lies before the first."),
    "absence.gone": N_("This absence is over already."),
    "absence.over": N_("These days have passed. Give a last day that has not."),
    "absence.overlaps": N_(
        "This person is away from %(begins)s to %(ends)s already. End that absence first, or take other days."
    ),
    "absence.returns": N_(
        "The substitute is away then too, and those who stand in lead back to this person. Choose somebody else."
    ),
    "absence.substitute-unfit": N_(
        "Choose another person with the same role and the same local government, whose account is open."
    ),
    "absence.too-long": N_("An absence lasts at most %(most)s days and begins within as many."),
    # requests of persons
    "people.answered": N_("The request has been answered; nothing more is done about it. Enter a new one."),
    "people.delayed-before": N_("The time was made longer before; that may be done once."),
    "people.delayed-too-late": N_("The time ended on %(due)s. It can be made longer only before that."),
    "people.entry-gone": N_("An entry is not there any more: it was erased or corrected meanwhile. Search again."),
    "people.none-chosen": N_("No entry is chosen. Tick those that are about the person."),
    "people.not-asked-for": N_("The person did not ask for this. Enter a request of that kind."),
    "people.not-sure": N_("Confirm that you have read the entries."),
    "people.nothing-done": N_("Nothing was erased or corrected yet. Do it first, or refuse the request."),
    "people.one-at-a-time": N_("Choose one entry: they are corrected one by one."),
    "people.too-old": N_("That is more than ten years ago. Check the year."),
    "people.unknown": N_("There is no such request."),
    "people.words-short": N_("Give at least three letters."),
    # subscriptions of other systems
    "delivery.address": N_(
        "Nothing may be delivered to %(address)s by this installation. Change the address of the subscription."
    ),
    "delivery.key-damaged": N_("%(file)s holds no key of 32 bytes. Put it back from a backup."),
    "delivery.key-gone": N_(
        "%(file)s, with which secrets were sealed, is not here. Put it back from a backup; where it is lost, give each "
        "subscription a new secret and say there that the old one cannot be opened."
    ),
    "delivery.key-unreadable": N_("%(file)s cannot be read or written (%(reason)s). Let the program do so."),
    "delivery.no-folder": N_(
        "Secrets are sealed with a key in the data folder, and none is set. Let POBRATIM_DATA_DIR be set on the server."
    ),
    "delivery.other-key": N_(
        "A secret was sealed with another key than %(file)s. Put the right one back from a backup; where it is lost, "
        "give the subscription a new secret and say there that the old one cannot be opened."
    ),
    "delivery.secret-missing": N_(
        "A secret is not in the database. Give the subscription a new one, and say there that the old one cannot be "
        "opened."
    ),
    "subscription.address": N_("“%(typed)s” is no address. Write it as https://portal.example.rs/pobratim."),
    "subscription.address-https": N_("Deliveries go by https only. Give an address that begins with https://"),
    "subscription.address-parts": N_(
        "The address may hold no name, no password, no ? and no #: it is recorded for ever, without secrets."
    ),
    "subscription.address-port": N_("Deliveries do not go to the port %(port)s. Use 443, or one from 1024 on."),
    "subscription.code": N_(
        "“%(typed)s” cannot be a code. Take up to 40 small letters a–z, digits and hyphens, such as nis-portal. The "
        "word “new” is taken."
    ),
    "subscription.exists": N_("There is a subscription “%(typed)s” already. Codes are never used again; take another."),
    "subscription.disabled-by-administrator": N_(
        "An administrator has disabled the subscription, and can resume it. Ask why."
    ),
    "subscription.keeper": N_("Name somebody whose account is open."),
    "subscription.no-replay": N_("No replay runs."),
    "subscription.not-active": N_("The subscription does not deliver now (%(standing)s). Resume it first."),
    "subscription.not-parked": N_("“%(typed)s” is not parked here. See which cases are."),
    "subscription.nothing-to-replay": N_("Nothing was delivered behind that position; deliveries stand at %(up_to)s."),
    "subscription.rehearsal-active": N_(
        "A rehearsal is for a receiver that gets nothing real. Pause the subscription first."
    ),
    "subscription.rehearsal-empty": N_("No case has a history yet that could be rehearsed."),
    "subscription.replay-runs": N_("A replay runs already. Stop it first, or wait for its end."),
    "subscription.too-many": N_("There are %(most)s subscriptions already."),
    "subscription.plan-over": N_("This plan is not of the subscription as it is now. Ask for it anew."),
    "subscription.too-many-secrets": N_("%(most)s secrets sign already. Wait until an older one is over."),
    "subscription.unknown": N_("There is no such subscription."),
    # the case
    "initiative.already-coordinated": N_("Coordination is completed already."),
    "initiative.link-over": N_("The side has answered by this link, or its time is over. Ask anew, with another key."),
    "initiative.already-published": N_("Publication is recorded already."),
    "initiative.annulling-decision-missing": N_("A decision was adopted. Give the number of the one that annuls it."),
    "initiative.consent-already-waived": N_("It is recorded already that consent is not needed."),
    "initiative.consent-missing": N_("The Government's consent is not recorded. Request it first and record it."),
    "initiative.consent-required": N_("%(kind)s needs the Government's consent."),
    "initiative.correction-changes-identity": N_("A correction may not make another case of this one."),
    "initiative.domestic-pair": N_(
        "Both sides are in Serbia: this is inter-municipal cooperation, not an international one."
    ),
    "initiative.draft-not-reviewed": N_("The draft agreement has not been reviewed yet."),
    "initiative.duplicate": N_(
        "This pair has a case already: %(numbers)s. Open it, or explain why this is a different one."
    ),
    "initiative.end-announced-already": N_(
        "The end of the agreement, %(ends_on)s, is announced already. Record the renewal or the expiry."
    ),
    "initiative.ends-before-it-begins": N_("The agreement would end (%(ends_on)s) before it began (%(begun)s)."),
    "initiative.exists": N_("The case %(number)s exists already."),
    "initiative.has-absorbed": N_("Another case was merged into this one, so it cannot be merged away."),
    "initiative.home-missing": N_("Choose the local government in Serbia."),
    "initiative.home-not-domestic": N_("The home side must be a local government in Serbia."),
    "initiative.kind-not-proposable": N_("%(kind)s cannot be proposed; it comes from old records only."),
    "initiative.last-of-its-side": N_("The last party of a side cannot leave the case."),
    "initiative.local-government-unknown": N_("No local government has this name. Write it as in the list."),
    "initiative.entry-rule-not-in-procedure": N_(
        "The procedure of this case does not have the clause “%(rule)s”. Choose another one."
    ),
    "initiative.letter-of-intent-missing": N_("The procedure asks for a letter of intent. Record it first."),
    "initiative.no-other-procedure": N_("There is no other version of the procedure of this kind."),
    "initiative.procedure-unknown": N_("There is no version %(procedure)s for this kind of cooperation."),
    "initiative.approval-asked-already": N_(
        "The approval was asked for already; the head of department sees the case."
    ),
    "initiative.needs-no-second-person": N_("The procedure does not ask for a second person for this now."),
    "initiative.nothing-to-approve": N_("Nothing needs a second person at this stage."),
    "initiative.second-person-missing": N_(
        "For “%(what)s” the procedure asks for a second person. A head of department approves it first."
    ),
    "initiative.second-person-same": N_(
        "“%(what)s” was approved by somebody who also stands behind this deed. It takes two different people: ask "
        "another head of department."
    ),
    "initiative.stage-not-in-procedure": N_("The procedure of this case does not have the stage “%(stage)s”."),
    "initiative.merge-into-itself": N_("A case cannot be merged into itself."),
    "initiative.merge-target-unknown": N_("There is no case %(number)s."),
    "initiative.no-such-fact": N_("The entry that you want to correct does not exist, or was corrected already."),
    "initiative.not-a-handler": N_("This person cannot lead cases. Choose a coordinator."),
    "initiative.none-to-spare": N_("Each side has one party, and keeps it. Add another first."),
    "initiative.not-coordinated": N_("Coordination is not completed yet. Complete it first."),
    "initiative.not-live": N_("“%(stage)s” is not a stage in which a case can be taken over."),
    "initiative.not-your-local-government": N_("You may propose for your own local government only."),
    "initiative.nothing-to-settle": N_("The sides do not differ over that."),
    "initiative.nothing-corrected": N_("Nothing differs from what is recorded."),
    "initiative.others-joined-by-coordinator": N_(
        "Propose for your own local government only. The coordinator adds the others to the case."
    ),
    "initiative.pair-in-other-case": N_(
        "Together with this side the case would repeat %(numbers)s, which is still open. Work there, or merge the two."
    ),
    "initiative.out-of-order": N_("“%(then)s” (%(then_on)s) cannot have been before “%(first)s” (%(first_on)s)."),
    "initiative.partner-missing": N_("Write who the partner abroad is."),
    "initiative.party-twice": N_("A party stands twice."),
    "initiative.party-unclear": N_("Name the party either as a local government or as a partner abroad."),
    "initiative.party-unknown": N_("This party does not belong to the case."),
    "initiative.publication-missing": N_("Publication in the official gazette is not recorded. Record it first."),
    "initiative.publishing-before-consent": N_("Publishing before consent is unusual. Tick that you know, and go on."),
    "initiative.deadline-of-the-agreement": N_("The agreement itself sets this day. Correct its term if it is wrong."),
    "initiative.extension-not-later": N_("The step is due on %(due)s already. Give a later day."),
    "initiative.no-deadline": N_("No day is set by which the next step has to be taken."),
    "initiative.renewal-not-longer": N_("The renewal must last longer than the agreement did: after %(ends_on)s."),
    "initiative.signed-before-consent": N_("The signing would lie before the consent of %(first_on)s."),
    "initiative.support-missing": N_(
        "Coordination is completed when everything was given. Still missing: %(missing)s."
    ),
    "initiative.term-running": N_("The agreement still lasts until %(ends_on)s."),
    "initiative.term-unknown": N_("The end of the agreement is not known. Give the day on which it ends."),
    "initiative.unknown": N_("There is no such case."),
    "initiative.pair-taken-since": N_(
        "Meanwhile %(numbers)s took up the same pair and is still open. Work there, or end it first."
    ),
    "initiative.linked-to-itself": N_("A case cannot be linked to itself."),
    "initiative.linked-otherwise": N_("The case %(number)s is linked already, in another way. Unlink it first."),
    "initiative.link-target-unknown": N_("There is no case %(number)s."),
    "initiative.not-linked": N_("This case is not linked."),
    "initiative.too-many-links": N_("%(most)s cases are linked here already. Unlink one of them first."),
    "follow.too-many": N_("You follow %(most)s cases already. Stop following one of them first."),
    "initiative.no-task-open": N_("No task is open on this case."),
    "initiative.task-closed": N_("This task is done or cancelled already."),
    "initiative.too-many-tasks": N_("%(most)s tasks are open here already. Finish or cancel one of them first."),
    "initiative.takes-no-task": N_("This person cannot work on the case. Choose one of those offered."),
    "initiative.mentioned-unknown": N_("One of those mentioned has no account here any more. Choose others."),
    "initiative.mentioned-sees-nothing": N_("%(name)s may not see this case, so the mention would reach nobody."),
    "initiative.wrong-stage": N_("This is not done in the stage “%(stage)s”."),
    # files of procedures
    "procedure.bad-number": N_("%(key)s is %(typed)s. Give a whole number from %(least)s to %(most)s."),
    "procedure.bad-text": N_(
        "%(key)s is empty, has invisible characters, or more than %(most)s of them. Write it anew."
    ),
    "procedure.changed": N_(
        "%(version)s was changed although cases follow it; it stays in force as it was. "
        "Put the old text back, and write the change as a new version."
    ),
    "procedure.consent-skipped": N_(
        'A decided case turns to the Government first. Write deed = "request-consent"; where no consent is needed, '
        "consent_required = false says so."
    ),
    "procedure.deed-ends": N_("The deed “%(deed)s” ends the case. Name one by which it goes on."),
    "procedure.deed-leads-nowhere": N_(
        "The deed “%(deed)s” does not lead on from this stage. Take one of these: %(known)s."
    ),
    "procedure.deed-leads-outside": N_(
        "The deed “%(deed)s” leads to the stage “%(to)s”, which this procedure lacks. Add it, or name another deed."
    ),
    "procedure.document-out-of-place": N_("“%(typed)s” cannot be asked for at this stage. Ask for it at: %(known)s."),
    "procedure.folder-closed": N_("Nothing can be written to %(folder)s (%(reason)s). Check its rights and its space."),
    "procedure.list-too-long": N_("%(key)s has more than %(most)s entries. Shorten it."),
    "procedure.loop": N_("The usual deeds lead in a circle: %(stages)s. Let one of them lead on."),
    "procedure.missing": N_("%(key)s is missing. Add it."),
    "procedure.dormant-before-confirm": N_(
        "The partnership would be held to be dormant before its local government is asked. Give at least %(months)s."
    ),
    "procedure.months-out-of-place": N_("%(key)s belongs to the stages active and renewed only. Remove it."),
    "procedure.no-folder": N_("There is no data folder. Set POBRATIM_DATA_DIR."),
    "procedure.not-cyrillic": N_("%(key)s is not in Cyrillic. Write it so; Serbian in Latin follows from it."),
    "procedure.not-toml": N_("This is no TOML: %(reason)s. Mend the line."),
    "procedure.not-utf8": N_("The file is not in UTF-8. Save it so."),
    "procedure.notice-instead-of-days": N_(
        "An agreement in force has a term of its own. Write notice_months in the place of the deadline."
    ),
    "procedure.notice-out-of-place": N_("notice_months belongs to the stages active and renewed only. Remove it."),
    "procedure.pause-out-of-place": N_(
        "No case goes to “%(typed)s” from here and comes straight back, so no days stand still there. "
        "Possible here: %(known)s."
    ),
    "procedure.publication-skipped": N_(
        'Here publication comes before the signing. Write deed = "publish", or publication_before_signing = false.'
    ),
    "procedure.reminder-too-early": N_("A reminder would come before the days begin. Give at most %(days)s."),
    "procedure.reminder-without-deadline": N_("There is no deadline of which to remind. Add one, or remove reminders."),
    "procedure.stage-missing": N_("The stage “%(stage)s” is missing, and no case could pass it. Add it."),
    "procedure.start-missing": N_(
        'The deadline does not say from when it counts. Add from = "recording" or from = "fact".'
    ),
    "procedure.too-large": N_("The file has more than %(most)s bytes. Shorten its texts."),
    "procedure.too-many-dots": N_("The line has more than %(most)s dots. Shorten its texts, or its keys."),
    "procedure.translation-missing": N_("%(key)s has no text in “%(language)s”. Add it."),
    "procedure.twice": N_("%(key)s holds the same value twice. Remove one."),
    "procedure.unknown": N_("There is no procedure %(procedure)s. There are: %(known)s."),
    "procedure.unknown-deed": N_("There is no deed “%(typed)s”. From this stage these lead on: %(known)s."),
    "procedure.unknown-key": N_("There is no key “%(typed)s” here. Use one of these: %(known)s."),
    "procedure.unknown-stage": N_("There is no stage “%(typed)s”. Use one of these: %(known)s."),
    "procedure.unknown-word": N_("“%(typed)s” means nothing in %(key)s. Use one of these: %(known)s."),
    "procedure.unreadable": N_("The file cannot be read (%(reason)s). Check its rights."),
    "procedure.version-not-newer": N_("The newest version is %(newest)s. Give this one a higher number."),
    "procedure.version-twice": N_("%(version)s stands in %(other)s already. Give this one a higher number."),
    "procedure.wrong-type": N_("%(key)s must be %(wanted)s."),
    # partners
    "partner.country-missing": N_("Choose the country of the partner."),
    "partner.domestic": N_("A partner is abroad; for Serbia choose a local government."),
    "partner.exists": N_("%(name)s is in the register already."),
    "partner.merge-target-unknown": N_("The partner to merge into does not exist."),
    "partner.merged-away": N_("This partner was merged into another one."),
    "partner.official-name": N_("The official name cannot be taken away; change it instead."),
    "partner.several": N_("Several partners are called “%(name)s”. Add the country: Bursa (TR)."),
    "partner.too-many-names": N_("A partner may have at most %(most)s names."),
    "partner.unknown": N_("There is no such partner."),
}
"""Code to message. A new code in `domain` or `application` needs its line here; a test asks for it."""

_TYPES: Final = {
    "table": N_("a table, such as { sr = …, en = … }"),
    "text": N_("a text in quotation marks"),
    "truth": N_("true or false"),
    "list": N_("a list in square brackets"),
    "texts": N_("a list of texts"),
}
_FACTS: Final = {tag: said.text for tag, said in FACTS.items()}
_DEEDS: Final = {code: said.title for code, said in DEEDS.items()}
_WORDS: Final = {
    "rule": ENTRY_RULES,
    "stage": STAGES,
    "stages": STAGES,
    "standing": STANDINGS,
    "to": STAGES,
    "wanted": _TYPES,
    "kind": KINDS,
    "missing": SUPPORT,
    "first": _FACTS,
    "then": _FACTS,
    "what": _DEEDS,
}


def sentence(refusal: Refusal, spoken: Language) -> str:
    """What a person reads. A code without a sentence of its own is named, so that it can be reported."""
    message = SENTENCES.get(refusal.code, GENERAL)
    values = {name: _shown(name, value, spoken) for name, value in refusal.params.items()}
    try:
        return spoken.gettext(message) % {"code": refusal.code, **values}
    except KeyError:
        return spoken.gettext(GENERAL) % {"code": refusal.code}


def with_place(refusal: Refusal, spoken: Language) -> str:
    """The sentence, behind file and line where it is about a file."""
    said, params = sentence(refusal, spoken), refusal.params
    return f"{params['file']}:{params['line']}: {said}" if params.get("file") else said


def _shown(name: str, value: str | int, spoken: Language) -> str:
    """A parameter in words: codes by their word, dates as dates are written, whatever was typed as it is."""
    if isinstance(value, int):
        return str(value) if name in ("earliest", "latest") else spoken.number(value)
    if name in _WORDS:
        known = {str(code): message for code, message in _WORDS[name].items()}
        return ", ".join(spoken.gettext(known.get(code, code)) for code in value.split(","))
    if name == "typed":
        return value
    try:
        return spoken.date(partial_date(value))
    except NotADate:
        return value
