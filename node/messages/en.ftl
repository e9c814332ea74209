# The texts of the pages. The three catalogues have the same ids and arguments; a test sees to it.

## Frame
app-name = Multaqa
skip = Skip to the content
nav-label = Sections
nav-home = Home
nav-library = Library
nav-members = Members
nav-network = Network
nav-help = Help
# The office
office-nav = Office
office-sign-out = Sign out
office-sign-in = Sign in
office-pages = Pages of the office
office-home = Home
office-people = People
office-settings = Settings
office-network = Joining the network
office-signatures = Log of signatures
office-account = My account
office-name = Name
office-your-name = Your name
office-password = Password
office-new-password = New password
office-password-again = The password once more
office-password-rule = Ten characters at least. A short sentence that you remember is better than a word.
office-old-password = Password so far
office-change-password = Change the password
office-choose-title = Choose a password
office-choose = Save it and enter
office-link-closed = Ask the administrator of the office for a new link.
office-lost = Is the password lost?
office-lost-how = The administrator of the office gives you a link by which you choose another.
office-lost-console = If it is the administrator’s own, whoever keeps the machine makes a link by this command:
office-sign-in-new = Nobody looks after the office yet. The first link is shown on the machine when the node starts.
office-needs-https = The office is open to other machines, so signing in works by HTTPS only. See whoever keeps the machine.
office-role = Role
office-role-reader = Reader
office-role-author = Author
office-role-publisher = Publisher
office-role-administrator = Administrator
office-role-about-reader = sees what the office works on
office-role-about-author = writes drafts
office-role-about-publisher = publishes in the name of the collectivity
office-role-about-administrator = looks after accounts and settings, and publishes too
office-active = Works in the office
office-inactive = Works no longer
office-no-password = No password yet
office-visited = Last here: { $time }
office-save = Save
office-save-for = Save the account of { $name }
office-link-make = Link for a new password
office-link-for = Link for a new password of { $name }
office-link-title = Link for choosing a password
office-link-about = Hand this link to { $name } directly. It opens once, until { $until }.
office-handed-once = It is not shown again: copy it now.
office-add = Add somebody
office-programs = Programs
office-programs-about = Another program of the collectivity publishes in its name through the interface, by a token.
office-program-name = Name of the program
office-token-make = Make a token
office-token-title = Token for a program
office-token-about = The program sends it with every request to the office.
office-end = End the token
office-end-for = End the token of { $name }
office-four-eyes = Rule of four eyes
office-four-eyes-on = Nothing is published without a second person’s approval
office-four-eyes-about = Whoever wrote a draft does not approve it, whatever their role.
office-languages = Languages of the collectivity
office-languages-about = Those in which you write your records; the office reminds you of what is missing in each.
office-founding = Setting up the node
office-founding-closed = This node is not set up yet. Open the link that is shown on the machine when it starts.
office-step-place = Step 1 of 4
office-step-key = Step 2 of 4
office-step-administrator = Step 3 of 4
office-step-network = Step 4 of 4
office-founding-place = Which collectivity is yours?
office-founding-place-about = Write its name or the beginning of it, in Arabic or French: a region, prefecture, province or commune.
office-place-name = Name of the collectivity
office-place-none = This name is not found. Try the other language, or fewer letters.
office-partner = We are not a collectivity
office-partner-about = For associations, universities, ministries and other partners: they have no official code, and the network knows them by their name.
office-partner-kind = Kind of body
office-partner-name = Name ({ $language })
office-partner-refused = Choose the kind of body and write a name in one language at least, of 120 characters at most.
office-other-place = Choose another collectivity
office-key-title = Rotation key
office-key-about = Only this key gives the collectivity its identity in the network back if the machine is lost or stolen. Whoever holds it can speak in its name.
office-key-keep = This sheet goes into a sealed envelope, kept in a safe away from the machine.
office-key-qr = Code with the same digits
office-key-print = Print this page now (Ctrl+P). The key is not shown again once you go on, and the node does not keep it.
office-key-sealed = I have printed this page and sealed it in an envelope
office-key-not-sealed = Confirm first that the key is printed and sealed.
office-set-up = Setting up the office
office-set-up-about = You are the first to enter, and will look after the office.
office-set-up-closed = If nobody looks after the office yet, a new link is shown on the machine when the node starts again.
office-go-on = Go on
office-network-about = An invitation is one line that a member collectivity sends. Paste it here to ask to join. This can be done later too: what you publish before reaches the network afterwards.
office-network-entered = This node belongs to the network:
office-invitation = Invitation
office-invitation-bad = This is no whole invitation. Copy the whole line as it came.
office-join = Ask to join
office-later = Later
office-no-network = This node belongs to no network yet.
office-signatures-about = Who asked for a signature in the collectivity’s name, when, and on what. Nothing is taken away.
office-signatures-none = No signature yet.
office-time = Time
office-asked = Asked by
office-approved = Approved by
office-what = Record
office-new = New in the network
office-new-since = New since { $time }
office-nothing-new = Nothing new from other collectivities.
office-questions = Questions that wait for our answer
office-waiting =
    { $count ->
        [one] One draft waits to be published
        *[other] { $shown } drafts wait to be published
    }
office-health = How the node is
office-disk-well = Disk: it takes what is written
office-disk-unwell = Disk: it takes nothing; see whoever keeps the machine
office-signs = Signing: possible
office-signs-not = Signing: it waits for other nodes
office-refused-full = The office has as many accounts as it may have.
office-refused-name-taken = There is an account with this name. Add what tells it apart.
office-refused-bad-name = A name has 1 to 80 characters that can be seen.
office-refused-unknown = There is no such account, or it works no longer.
office-refused-no-such-role = Choose a role of the list.
office-refused-last-administrator = An office keeps an administrator: name another first.
office-refused-bad-link = This link opens nothing: it was used already, or is too old.
office-refused-weak-password = The password is too short or too easy to guess: ten characters at least, and not the name.
office-refused-differ = The two passwords differ. Write the same one twice.
office-refused-wrong-password = The name or the password is wrong.
office-refused-too-many-tries = Too many tries. Wait half a minute, then try again.
office-refused-no-language = Choose one language at least.
office-missing =
    { $count ->
        [0] Records: all are here
        [one] Records: { $shown } is not here yet
        *[other] Records: { $shown } are not here yet
    }
nav-data = Open data
tongues-label = Language of the page
footer-keeper = Node kept by
footer-nameless = a member that has not introduced itself yet
labelled = { $label }:
so-many-of = { $some } of { $all }
list-separator = { ", " }
amount = { $amount } { $currency }
currency-MAD = dirhams
currency-EUR = euros
currency-USD = US dollars
footer-connected =
    { $count ->
        [0] connected to no other node
        [one] connected to { $shown } other node
        *[other] connected to { $shown } other nodes
    }
bytes =
    { $count ->
        [one] { $shown } byte
        *[other] { $shown } bytes
    }

## Dates
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
date-moment = { $day } at { $time } (Morocco time)
period-from-to = { $start } to { $end }
period-since = since { $start }, still running
period-until = until { $end }
period-ongoing = still running
since = since { $date }

## Vocabularies
level-prefecture = prefecture
kind-practice = good practice
kind-plan = programme of openness
kind-profile = profile
kind-challenge = shared challenge
kind-proposal = proposal
kind-progress = progress
kind-evaluation = evaluation
kind-adoption = taking up of a practice
kind-reply = reply
kind-event = meeting
kind-endorse = endorsement
kind-inception = opening of the log
kind-rotate = change of key
kind-charter = charter
kind-join = application to join
kind-leave = leaving the network
kind-admit = admission
kind-suspend = suspension
kind-close = closing of the log
kind-withdraw = withdrawal
kind-checkpoint = checkpoint
kind-witness = witness of heads
register-ogp = Open Government Partnership
register-remacto = the network’s platform
language-ar = Arabic
language-ary = Moroccan Arabic
language-ber = Amazigh
language-en = English
language-es = Spanish
language-fr = French
language-shi = Tachelhit
language-tzm = Central Atlas Tamazight
language-zgh = Standard Moroccan Tamazight
standing-disputed = disputed
standing-disowned = disowned
standing-beyond-cut = written after the suspension
standing-withdrawn = withdrawn
standing-hidden = hidden on this node
standing-missing = content not received yet
standing-unreadable = content not readable
standing-older = earlier version
signature-verified = verified signature
signature-forged = forged or altered
signature-undecided = cannot be decided

## Home
home-lead = What territorial collectivities have tried in order to be more open: what was done, what it cost, what did not work. Every record is signed by its author, and anyone can check it.
home-newest = Newest records
home-none = There are no records here yet.
home-none-next = Records arrive by themselves from other nodes; to publish one, see the help.
home-all = All records
figure-members =
    { $count ->
        [one] member
        *[other] members
    }
figure-nodes =
    { $count ->
        [one] node connected now
        *[other] nodes connected now
    }
figure-nodes-detail =
    { $count ->
        [one] { $shown } entry held here
        *[other] { $shown } entries held here
    }
count-region =
    { $count ->
        [one] { $shown } region
        *[other] { $shown } regions
    }
count-province =
    { $count ->
        [one] { $shown } prefecture or province
        *[other] { $shown } prefectures and provinces
    }
count-commune =
    { $count ->
        [one] { $shown } commune
        *[other] { $shown } communes
    }

## Library
library-title = Library of practices
library-lead = What collectivities have tried, what it cost them, what did not work. Every record is signed by its author.
library-newest = the newest first
library-by-fit = the closest to your question first
library-incomplete = The index is being built: results may be missing. Try again a little later.
search-label = Look for records, in any language
search-example = for example: participatory budget
search-button = Search
why-found-concept = Found by its meaning “{ $name }”: the text says { $found } (asked: { $asked })
why-found-place = “{ $asked }” is the place { $name }
why-found-spelling = Nothing has “{ $asked }”; this is for { $found }
why-found-beginning = Words that begin with “{ $asked }”: { $found }
library-none = No record here fits.
library-none-next = Take a filter away, or look for fewer words. A member whose records have not arrived yet may have one.
library-all = All records
filters-title = Filter
filters-more = More
filters-clear = Take all filters away
filter-remove = take this filter away
filter-kind = Kind
filter-principle = Principle
filter-region = Region
filter-level = Level
filter-status = State
filter-theme = Policy area
filter-language = Language of the text
filter-year = Year
filter-author = one member
filter-refers-to = what refers to one record
filter-asked = what is asked of one collectivity
filter-mentions = what addresses { $place }
page-first = First page
page-next = Next page
permalink = Permanent link to this list
selection-files = This whole selection:
selection-csv = table (CSV)
selection-jsonld = linked data (JSON-LD)
selection-atom = feed (Atom)
record-untitled = Record without a title
text-in = text in { $language }
library-found =
    { $count ->
        [0] no records
        [one] { $shown } record
        *[other] { $shown } records
    }

## Record
tabs-label = Languages of the record
text-in-own-language = This text is not available in English; it is shown in its own language: { $language }.
section-done = What was done
section-cost = What it cost
section-failed = What did not work
section-results = Results and evidence
section-context = Context and problem
section-reuse = To take it up
section-partners = Partners
section-contacts = Contact
section-aims = Aims and areas
section-sources = Sources
section-declared = Declared figures
section-commitments = Commitments
section-axes = Axes
section-stages = Stages
section-frameworks = Programmes and partnerships
section-links = Related records
section-referring = Records that refer to this one
section-raw = The content as it was signed
raw-why = This program does not know this kind of record, or its content does not follow the form of its kind.
heading-lessons = Failures and lessons
heading-difficulties = Difficulties
heading-beneficiaries = Beneficiaries
heading-conditions = Conditions for success
heading-transferability = What can be taken over, and how
heading-action = What will be done
heading-problem = Public problem
heading-status-quo = Situation today
heading-contribution = How that contributes to the solution
heading-goal = Long-term goal
fact-budget = Budget
fact-funding = Funding
fact-staff = Staff (full posts)
fact-note = Note
fact-outcomes = Outcomes
fact-themes = Policy areas
fact-ogp = Open government values
fact-sdgs = Sustainable Development Goals
fact-original = Original language
fact-translated = Translated into
fact-translation-note = About the translation
fact-confidence = Confidence of the collector
fact-status-basis = Basis of the state
fact-place-basis = Basis of the place
fact-themes-by = Policy areas named by
fact-licence = Licence
fact-programme = Framework
fact-cycle = Cycle
fact-period = Period
fact-axis = Axis
fact-lead = Lead
fact-site = Site
# Follow-up, evaluation and adoption
plan-rule = Complete steps out of all that are not abandoned. A step is a milestone, or a commitment that has none. Only reports count that were signed by the plan’s author and by those who co-signed it as its parties; the latest report on a step decides.
section-followed = How far it has come
section-counting = How this is counted
section-evaluated = Evaluation
section-proposals = Proposals, and what became of each
section-adoptions = Who took this practice up
plan-nothing = There is nothing to count yet
plan-done =
    { $count ->
        [one] { $some } of { $shown } step complete
        *[other] { $some } of { $shown } steps complete
    }
plan-derived = Derived rate: { $percent } %, as of { $date }
plan-as-of = As of { $date }
plan-evidenced =
    { $count ->
        [one] { $shown } complete one with evidence
        *[other] { $shown } complete ones with evidence
    }
plan-late = (overdue)
plan-how = How is this counted?
plan-incomplete = Not everything was taken into account: the index is being brought up to date, or there is more than one page reads.
plan-signed-later = The plan was signed after this date: no report had been signed by then.
plan-other-version = Counted by another version of the plan, the one that counted at that date.
plan-other-version-link = See that version
plan-declared = Declared rate: { $percent } %.
plan-declared-as-of = Declared rate: { $percent } %, as of { $date }.
plan-differs = It differs from the derived rate ({ $percent } %).
plan-agrees = It agrees with the derived rate.
plan-nothing-derived = No rate can be derived from evidence: there is no step to count.
plan-overdue =
    { $count ->
        [one] { $shown } step overdue
        *[other] { $shown } steps overdue
    }
plan-stalled =
    { $count ->
        [one] { $shown } step stalled
        *[other] { $shown } steps stalled
    }
plan-days =
    { $count ->
        [one] { $shown } day
        *[other] { $shown } days
    }
plan-pace-overdue =
    { $count ->
        [one] (overdue by { $shown } day)
        *[other] (overdue by { $shown } days)
    }
plan-pace-stalled =
    { $count ->
        [one] (stalled for { $shown } day)
        *[other] (stalled for { $shown } days)
    }
plan-no-evidence = without evidence
plan-stalled-rule = A step is stalled when it has begun, or should have, and its state has not changed for more than 183 days.
# The signed entries on which a plan's figures rest.
plan-rests =
    { $count ->
        [one] Rests on { $shown } signed entry
        *[other] Rests on { $shown } signed entries
    }
plan-rests-more =
    { $count ->
        [one] { $shown } older report is in the file too.
        *[other] { $shown } older reports are in the file too.
    }
plan-version-of = version of the plan of { $date }
plan-report-of = report of { $date }
plan-check = proof bundle
plan-check-all = All of them in one proof bundle
column-rests = Rests on
plan-by-others =
    { $count ->
        [one] { $shown } report by an author who does not carry the plan out: it does not count
        *[other] { $shown } reports by authors who do not carry the plan out: they do not count
    }
plan-unresolved =
    { $count ->
        [one] { $shown } state of a step that is not in the plan
        *[other] { $shown } states of steps that are not in the plan
    }
plan-data = The same figures as open data (JSON)
plan-became-open = not decided yet
plan-became-declined = not taken up:
plan-became-merged = merged into:
plan-became-commitment = turned into the commitment:
plan-became-not-held = merged into a proposal that is not on this node yet:
plan-became-circle = merged into a proposal that was merged into it
plan-origin-both = (as both the proposal and the commitment say)
plan-origin-proposal = (as the proposal says)
plan-origin-commitment = (as the commitment says)
heading-origins = Proposals from which it came
gantt-title = When the commitments run
gantt-about = The table below holds the same information.
state-count = { $number } { $state }
figure-from-to = from { $before } to { $value }
table-steps = The steps, their state and evidence
table-outputs = What will be there to see
table-proposals =
    { $count ->
        [one] { $shown } proposal
        *[other] { $shown } proposals
    }
table-adopters =
    { $count ->
        [one] { $shown } collectivity or partner
        *[other] { $shown } collectivities or partners
    }
column-due = Due
column-days = For how long
column-state-since = Since
column-report = Signed report
column-names = As the report names it
column-author = Signed by
column-derived = Derived from reports
column-last-report = Last report
column-with-evidence = Complete, with evidence
column-proposal = Proposal
column-collected = By whom, on which occasion
column-became = What became of it
column-adopter = Who
column-taken-up = When
column-adaptation = With which changes
column-own-results = Own results
fact-implementers = Whose reports count
fact-as-of = As of
fact-verdicts = Evaluation
fact-evaluated-by = Evaluated by
fact-evaluated-what = What is judged
fact-evaluated-version = Version judged
fact-completion = Completion
fact-early-results = Early results
fact-ambition = Potential for results
fact-verifiable = Verifiable
fact-relevant = To do with openness
heading-evaluated-lessons = Lessons
heading-recommendations = Recommendations
heading-cosigned = Co-signatures
evaluated-self = Self-assessment: by one who carries it out
evaluated-other = Evaluation by another than the implementer
evaluated-untitled = Evaluation
evaluated-whole = the whole
evaluated-newer = (there is a newer version)
evaluated-current = (the current version)
evaluated-earlier = (signed an earlier version)
evaluated-awaited = has not signed yet
spread-since = first said on { $date }
spread-version = version { $number }
spread-behind = (a newer version is out)
spread-newer = A newer version of the practice than the one taken up was signed on { $date }:
section-newer = Practices taken up of which a newer version is out
spread-own-adoption = see the adoption
spread-newer-table = Versions signed after the one that was taken up
column-practice = Practice
column-adoption = Adoption
similar-title = Practices of collectivities like this one
similar-all = See all of them
similar-first = the most alike first
similar-why = In common: { $why }
similar-population = same class of population
similar-region = same region
similar-themes = themes ({ $themes })
filter-similar-to = collectivities like one
similar-rule = Practices of collectivities of the same level, the most alike first: two points for the same class of population, two for the same region, one for each theme in common, at most three. Of equal points the newest comes first.

column-when = When
column-step = Step
column-output = What will be there to see
column-indicator = Indicator
column-baseline = Before
column-value = Value
column-date = Date
column-evidence = Evidence
column-occasion = Occasion
column-people = People
column-women = Women among them
column-youth = Young people among them
column-organisations = Organisations
column-commitment = Commitment
column-status = State, as its author says
column-stage = Stage
column-held = What was held
table-milestones = Milestones
table-results = Each figure has its source
table-participation = Who took part, in numbers
table-stages = The stages and their dates
declared = Declared figure: { $percent } %. It is not derived from evidence here.
declared-as-of = Declared figure: { $percent } % as of { $date }. It is not derived from evidence here.
source-read = (read on { $date })
unsaid-title = This record does not say yet:
unsaid-done = what was done, in detail
unsaid-cost = what it cost
unsaid-failed = what did not work, and what was learnt
unsaid-results = results in figures, with evidence
unsaid-commitments = the commitments
unsaid-stages = the stages of its making and their dates
unsaid-ask = Ask its author
link-adopted-from = taken over from
link-answers = answers
link-part-of = part of
link-not-held = (not on this node yet)
referring-adopted-from = takes this practice over
referring-answers = answers this record
referring-part-of = part of this programme
referring-to = replies to this record
referring-about = evaluates this programme
referring-plan = is about this programme
referring-practice = takes this practice up
referring-endorses = co-signs this version
referring-became = came from this
referring-judged = rests on this
referring-answered-by = names this as an answer
referring-practices = names this practice as an answer
referring-merged-into = was merged into this
referring-proposals = took this proposal up
referring-all = Show all records that refer to it ({ $number })
banner-older = This is an earlier version of the record.
banner-newer = See the current version
banner-withdrawn = Withdrawn by its author on { $date }, for this reason:
banner-withdrawn-by-order = Withdrawn by order of the stewards on { $date }, for this reason:
banner-disowned = Disowned by its author with the change of key of { $date }: it does not count.
banner-unreadable = Its content cannot be read as a record of its kind. Technical detail:
banner-continued = Another author continues that of this record:
banner-continued-by = See its page
table-commitments =
    { $count ->
        [one] { $shown } commitment
        *[other] { $shown } commitments
    }

## Kinds of records beside practices, plans and profiles
untitled-reply = Reply to: { $subject }
untitled-reply-part = Reply to: { $part } ({ $subject })
untitled-progress = Progress on: { $part } ({ $subject })
untitled-evaluation = Evaluation of: { $subject }
untitled-evaluation-part = Evaluation of: { $part } ({ $subject })
untitled-adoption = Taking up of: { $subject }
untitled-endorse = Co-signature of: { $subject }
untitled-not-here = a record that is not here yet
untitled-subject = { $kind } by { $author }
section-sought = Experience asked for
section-answered = Answers that its author names
section-attempts = What was tried
section-reply-to = What it answers
section-practices = Practices that answer
section-became = What became of it
section-collected = Where it was collected
section-progress-of = What this is about
section-states = State of the milestones
section-participation = Who took part
section-difficulties = Difficulties
section-next = What comes next
section-judged = What was judged
section-verdict = Verdict
section-method = How it was judged
section-lessons = Lessons
section-recommendations = Recommendations
section-adopted = What is taken up
section-held = Place and programme
section-outputs = What it produced
section-endorsed = What is co-signed
heading-judged = Entries on which the verdict rests
heading-why = Why
heading-agenda = Agenda
fact-addressees = Asked of
fact-to = Answers
fact-part = Part
fact-plan = Programme
fact-commitment = Commitment
fact-stage = Stage
fact-occasion = Occasion
fact-date = Date
fact-decision = Decision
fact-merged = Merged into
fact-practice = Practice
fact-adoption-state = How far
fact-place = Place
fact-venue = Hall or address
fact-online = From afar
fact-endorses = Version
fact-capacity = As
fact-reference = Session or decision
column-note = What was done
column-ogp-value = Value
column-early-result = What changed
table-states = Each milestone with what shows its state
table-opened = What changed under each open government value
evidence-none = no evidence
whole-commitment = the whole commitment
recommended-to = → for
self-assessment = Self-assessment: this evaluation is by somebody who carries out the programme that it judges.
goal = { $number }. { $name }
evidence-figures =
    { $count ->
        [one] { $shown } figure
        *[other] { $shown } figures
    }
evidence-files =
    { $count ->
        [one] { $shown } file
        *[other] { $shown } files
    }

## Files of records
section-files = Attachments
file-evidence-for = Evidence for:
file-not-described = Its author has not said what this file shows.
file-elsewhere = This file is not on this node yet. It comes from a node that keeps it as soon as somebody asks.
file-ask = Ask for the file
file-nowhere = It is not on this node.
file-again = Ask again
file-back = Back to the record
error-file-on-its-way = The file is on its way
    .why = This node is getting it from another one. Ask again in a moment; what has come is not fetched twice.
error-file-nobody = No node gave this file
    .why = The author's node was asked first, then the others that are connected now; none of them gave it. The one that keeps it may be off: ask later.
error-file-offline = This node is not connected to its network
    .why = The file is not kept here, and cannot be asked of the other nodes as long as this one does not reach them.
error-file-no-room = There is no room for this file here
    .why = The disk of this node is full. Tell whoever looks after it, or ask for the file on another node.
error-file-unfit = What came cannot be kept
    .why = The file is not of the type that the record names, or could not be written here. What does not match the record is not shown.
size-kilobytes = { $size } kB
size-megabytes = { $size } MB
file-type-application-pdf = PDF
file-type-application-msword = Word document
file-type-application-vnd-ms-excel = Excel sheet
file-type-application-vnd-ms-powerpoint = PowerPoint slides
file-type-application-vnd-oasis-opendocument-presentation = OpenDocument slides
file-type-application-vnd-oasis-opendocument-spreadsheet = OpenDocument sheet
file-type-application-vnd-oasis-opendocument-text = OpenDocument text
file-type-application-vnd-openxmlformats-officedocument-presentationml-presentation = PowerPoint slides
file-type-application-vnd-openxmlformats-officedocument-spreadsheetml-sheet = Excel sheet
file-type-application-vnd-openxmlformats-officedocument-wordprocessingml-document = Word document
file-type-application-json = JSON data
file-type-audio-mpeg = MP3 audio
file-type-image-gif = GIF picture
file-type-image-jpeg = JPEG picture
file-type-image-png = PNG picture
file-type-image-webp = WebP picture
file-type-text-csv = CSV table
file-type-text-plain = Text
file-type-video-mp4 = MP4 video

## Threads and dialogue
nav-dialogue = Dialogue
thread-title = Dialogue
thread-answers = Practices that answer
thread-feed = Follow this dialogue (Atom)
thread-older = Older replies
thread-newest = Newest replies
thread-more = Replies to this one
thread-count =
    { $count ->
        [0] no replies yet
        [one] { $shown } reply
        *[other] { $shown } replies
    }
dialogue-title = Challenges and dialogue
dialogue-lead = Difficulties that collectivities share, what they ask each other, and what they answer. Whoever has an answer signs it as its own.
dialogue-challenges = Open challenges
dialogue-challenges-lead = Their authors have named no answer yet.
dialogue-challenges-none = No challenge is open.
dialogue-questions = Latest questions to a collectivity
dialogue-questions-lead = What asks something of somebody by name.
dialogue-questions-none = Nobody is asked by name yet.
dialogue-replies = Latest replies
dialogue-replies-lead = What was said last about any record.
dialogue-replies-none = Nobody has replied yet.
dialogue-all = All of these in the library
dialogue-feed = Follow challenges and replies (Atom)
member-asked = Asked of it and not answered yet
member-asked-all = All that is asked of it
member-mentioned = Records that mention it
member-mentioned-all = All records that mention it

## Hidden here
hidden-title = Record hidden on this node
hidden-since = Whoever keeps this node hides this record here since { $date }, for this reason:
hidden-why = It is hidden on this node only. Its signed bytes are served to anybody who checks them, and other nodes decide for themselves.
hidden-check = Provenance and proof

## Provenance
provenance-title = Provenance
provenance-author = Signed by
provenance-place = Place
provenance-admitted = Admitted by
provenance-time = Claimed date
provenance-version = Version
provenance-differences = differences
provenance-more = Hashes and key
provenance-id = Id of the record
provenance-key = Signing key
provenance-hash = Hash of the content (SHA-256)
provenance-seq = Number in the author’s log

# By when a record existed, by the word of others (A3).
dates-title = Existed before
dates-existed = { $date }, witnessed by { $witnesses } of { $members } members
dates-existed-regions = { $date }, witnessed by { $witnesses } of { $members } members, of which { $regions } of other regions
dates-none = Not witnessed yet: members confirm once a week what they hold.
dates-listed = Listed by { $by } on { $date }
dates-not-before = Not before
dates-not-before-why = Its author had confirmed a list of that date before signing.
key-since = key number { $number } of the author, since { $date }
place-confirmed = confirmed by { $by } stewards
place-claimed = claimed by the author, not confirmed by stewards
verify-title = Verify it yourself
verify-how = Download the proof bundle, then check it on any computer, without a network:
verify-bundle = Proof bundle

## History
history-title = History
history-lead = Every version is signed; none erases the one before.
history-table = The versions, the newest first
history-changes = From version { $before } to version { $after }
history-one = One version
history-one-why = The author has not revised the record since it was published.
history-same = Both versions say the same.
column-version = Version
column-signed = Claimed date
column-standing = Standing
column-changed = What changed
column-compare = Compare
version-current = current version
version-earlier = earlier version
version-compare = compare with the one before
change-old = removed:
change-new = added:
field-title = title
field-summary = summary
field-names = name
field-place = place
field-principles = principles
field-outcomes = outcomes
field-ogp-values = open government values
field-themes = policy areas
field-sdgs = Sustainable Development Goals
field-period = period
field-status = state
field-context = context
field-actions = what was done
field-beneficiaries = beneficiaries
field-resources = resources
field-budget = budget
field-currency = currency
field-funding = funding
field-staff = staff
field-note = note
field-partners = partners
field-parties = co-signing parties
field-milestones = milestones
field-results = results
field-indicator = indicator
field-baseline = figure before
field-value = value
field-unit = unit
field-participation = participation
field-difficulties = difficulties
field-lessons = lessons
field-conditions = conditions for success
field-transferability = transferability
field-contacts = contacts
field-attachments = attachments
field-licence = licence
field-external-ids = names in other registers
field-sources = sources
field-address = address
field-translation = translation
field-collected = how it was collected
field-stages = stages
field-axes = axes
field-commitments = commitments
field-declared = declared figures
field-programme = framework
field-cycle = cycle
field-start = start
field-end = end
field-date = date
field-id = id
field-name = name
field-role = role
field-answers = answers
field-adopted-from = taken over from
field-part-of = part of

## Where there is no page
error-not-found = This page is not here
    .why = The address is wrong, or the record has not arrived on this node yet.
    .next = Check the address, look in the library, or try again a little later.
error-bad-request = The address of this page cannot be understood
    .why = It has a parameter that is not known, or a value that is not taken.
    .next = Go back to the library and choose again.
error-too-large = What you sent is too large
    .why = A file has 20 MB at most. Nothing of what was sent is saved.
    .next = Go back to the form by the browser's Back button, and choose a smaller file or split it.
error-ambiguous = Several ids begin so
    .why = The shortened id in the address stands for more than one record.
    .next = Write more digits of the id.
error-forbidden = This is not allowed
    .why = Your role in the office does not allow it, or the request came from another site.
    .next = Sign in with an account that has the role, or ask the administrator of the office.
error-too-often = Too many requests in a short time
    .why = This node serves many readers, and gives each a share.
    .next = Wait a minute, then try again.
error-busy = The node is not available now
    .why = It is very busy, or it is stopping or starting.
    .next = Try again in a minute; the other members have the same records.
error-fault = A fault of this node
    .why = The node could not make the page; the cause is in its technical log.
    .next = Try again, and tell whoever keeps the node if it happens again.
error-status = Error code: { $status }

## Drafts and their forms
form-kind-practice = Something that worked in your collectivity, told so that others can do it too.
form-kind-challenge = A difficulty for which you ask for the experience of others.
form-kind-reply = An answer, a question or a remark on a record.
form-kind-adoption = You take up another collectivity’s practice: how far you have come.
form-kind-plan = The programme of openness: its stages, axes and commitments.
form-kind-proposal = An idea collected in a workshop, and what became of it.
form-kind-progress = How far a commitment of the plan has come, with what shows it.
form-kind-evaluation = A verdict on a plan or one of its commitments.
form-kind-event = A meeting or workshop: when, where, who took part, what came of it.
form-kind-endorse = You co-sign a text that another collectivity published.
form-kind-profile = Who you are: name, level, contacts.
form-section-essential = The essentials
form-section-done = What was done
form-section-results = Results
form-section-cost = What it took
form-section-learnt = What was learnt
form-section-people = People and contacts
form-section-aims = Themes and aims
form-section-links = Links to other records
form-section-basis = Sources and files
form-section-situation = The situation
form-section-stages = Stages of the process
form-section-axes = Axes
form-section-commitments = Commitments
form-section-follow-up = Dates and declared rates
form-section-collected-at = Where it was collected
form-section-became = What became of it
form-section-milestones = State of the milestones
form-section-more = More
form-section-verdict = The criteria
form-section-method = Method
form-section-held = How it was held
form-section-outputs = What came of it
form-section-decision = The decision
form-section-frameworks = Frameworks joined
form-required = required
form-wanted = wanted
form-choose = Choose
form-none-chosen = Nothing chosen
form-yes = yes
form-item = { $one } { $number }
form-add = Add: { $one }
form-remove = Remove
form-earlier = Move up
form-later = Move down
form-not-held = Record not held here ({ $id })
form-place-how = The official code or the name; looked up when you save.
form-place-unknown = No place of that name. Try another spelling or the official code.
form-record-newest = The newest:
form-record-found = Found:
form-record-unknown = No record matches. Try other words, or paste the address of its page.
form-record-look = Look for: { $label }
form-record-words = Words of the title, or the page’s address
form-record-find = Look
form-problem-other = { $text }
form-problem-unknown-field = This field is not known.
form-problem-missing = This is required.
form-problem-empty = Nothing is written here: fill it in or remove it.
form-problem-wrong-type = Write a whole number, in digits.
form-problem-bad-date = Write the date as 2026, 2026-11 or 30/11/2026.
form-problem-end-before-start = It ends before it starts.
form-problem-bad-place = This place is not known: choose one of those offered, or write its official code.
form-problem-other-level = This is the code of another level.
form-problem-no-principle = Choose at least one principle.
form-problem-unknown-code = This code is not in the list.
form-problem-bad-language = The language tag is not valid.
form-problem-bad-number = Write a number, as 44 or 2.5.
form-problem-out-of-range = The number is too small or too large.
form-problem-bad-id = No record is chosen: look for it and choose it.
form-problem-bad-address = An address begins with http:// or https://.
form-problem-repeated = This internal name is used twice.
form-problem-unknown-axis = The plan has no such axis.
form-problem-encoding = It is too long for one record: make two of it.
form-problem-not-held = No record with this id is held here.
form-problem-ambiguous-id = Several records begin so: write the whole id.
form-problem-other-kind = This record is of another kind.
form-problem-no-commitment = The plan has no such commitment.
form-problem-no-milestone = The commitment has no such milestone.
form-problem-not-own = This record is another collectivity’s.
form-problem-other-place = This record stands elsewhere in its log.
form-problem-too-large = The file is larger than is allowed.
form-problem-too-many-files = This draft has too many files: remove some, or spread them over several records.
form-problem-file-empty = The file is empty.
form-problem-file-type = Files of this type are not taken. Save it as PDF or as a PNG picture and try again.
form-problem-file-other-type = What is in the file is not of the type that its name says. Open it and save it again in the right format.
form-problem-store-read-only = The disk of this node is full. Tell whoever looks after it.
form-problem-files-waiting = The files of drafts take all the room that is theirs. Publish some drafts or throw some away.
form-problem-folder-unwritable = The file could not be written on this node. Tell whoever looks after it.
form-warning-file-alt = A file has no description for those who cannot see it.
form-warning-file-missing = A file that this record names is not on this node.
form-warning-self-assessment = You judge a plan that you carry out: it will be shown as a self-assessment.
form-warning-unresolved = The record named has not arrived yet; it is shown so until it does.
form-warning-withdrawn = The record named is withdrawn.
form-warning-not-counting = The record named does not count.
form-warning-older-version = There is a newer version of the record named.
form-warning-not-implementer = You do not carry this plan out: your report will not count in its rate.
form-warning-own-record = The record named is your own.
form-title = Title
    .help = A short phrase that can be understood alone.
form-summary = Summary
    .help = Two or three sentences that stand alone: what, and for whom.
form-principles = Principles of openness
    .help = At least one.
form-context = Context and problem
    .help = What was the situation before?
form-actions = What you did
    .help = The steps, in order, in plain words.
form-beneficiaries = Who benefits
form-period = Period
form-start = Start
    .help = Year, month or day: 2026, 2026-11 or 30/11/2026.
form-end = End
form-ongoing = Goes on, with no end set
form-status = State
form-place = Place
    .help = If it is another place than your own.
form-milestones = Milestones
    .one = Milestone
form-milestones-title = What it is
form-milestones-date = Day
form-output = What will be there to see
form-results = Results
    .one = Result
    .help = A figure before, a figure after, and where it comes from.
form-indicator = What is measured
form-baseline = Figure before
form-value = Figure reached
form-unit = Unit
    .help = As %, MAD, people.
form-date = Date
form-source = Page where it can be checked
form-note = Note
form-participation = Participation in figures
    .one = Figure
form-occasion = Occasion
form-people = People
form-women = Of them women
form-youth = Of them young
form-organisations = Organisations
form-resources = What it took
form-budget = Budget
    .help = In whole units of the currency.
form-currency = Currency
    .help = Empty: the dirham.
form-funding = Funding
form-staff = Staff (full posts)
form-difficulties = Difficulties
form-lessons = What you learnt, and what failed
    .help = What failed helps others more than what worked.
form-conditions = Conditions for success
form-transferability = What another collectivity can take over
form-contacts = Contacts
    .one = Contact
    .help = A function, not a person: it stays when people move.
form-function = Function
form-email = E-mail
form-phone = Telephone
form-page = Page
form-partners = Partners
    .one = Partner
form-name = Name
form-role = Role
form-partners-place = Place, if it is a collectivity
form-lead = Who leads
form-lead-place = Place, if it is a collectivity
form-parties = Collectivities expected to co-sign
    .one = Collectivity
form-parties-place = Collectivity
form-author = Its id
    .help = The place is usually enough.
form-addressees = Who is asked
    .one = Collectivity
    .help = Empty: everybody.
form-addressees-place = Collectivity
form-themes = Policy areas
form-outcomes = Outcomes aimed at
form-ogp-values = Open government values
form-sdgs = Sustainable Development Goals
form-answers = Challenges that it answers
form-adopted-from = Practices from which it was taken over
form-part-of = Plan to which it belongs
form-more = Other fields, if you like
form-attachments = Files
    .one = File
form-attachments-name = File name
form-file-choose = Add a file
form-file-limits = PDF, office document, picture, text or CSV table, { $size } at most.
form-file-attach = Attach and save
form-file-open = Open the file
form-file-too-large = This file is larger than { $size } and cannot be attached.
form-alt = Description for those who cannot see it
form-sources = Public pages on which it rests
    .one = Page
form-address = Address
form-sources-title = Title of the page
form-read = Read on
form-external-ids = Names in other registers
    .one = Name
form-scheme = Register
    .help = As ogp, remacto.
form-external-ids-id = Name there
form-licence = Licence
    .help = As CC-BY-4.0.
form-translation = Original language and translations
form-original = Written in
form-translated = Translated into
form-translation-note = By whom
form-sought = What you ask others for
form-attempts = What you tried, and what came of it
form-answered-by = What answered it
form-challenge-context = When and where it arises
form-challenge-beneficiaries = Whom it concerns
form-programme = Framework
form-cycle = Cycle
    .help = 1 for the first plan, 2 for the second.
form-stages = Stages
    .one = Stage
form-stage = Stage
form-stages-title = What was held
form-reference = Reference of the minutes or decision
form-axes = Axes
    .one = Axis
form-axes-title = What it is called
form-commitments = Commitments
    .one = Commitment
form-commitments-title = What it is called
form-axis = Axis
form-problem = Public problem
form-status-quo = Situation today
form-action = What will be done
form-contribution = How that helps
form-goal = Long-term goal
form-proposals = Proposals from which it came
form-declared = Rates that others published
    .one = Rate
form-percent = Per cent
form-as-of = As of
    .help = The date at which this was the state.
form-plan = Plan
form-date-collected = Collected on
form-became = What became of it
form-state = Decision
form-merged-into = Merged into
form-became-reason = Why
form-became-plan = Plan of the commitment
form-commitment = Commitment
form-milestone = Milestone
form-progress-milestones = State of each milestone
    .one = Milestone
    .help = For each what shows it: a figure, a file or a page.
form-milestones-status = How far it has come
form-milestones-note = What was done, or why it was given up
form-milestones-results = Figures that show it
    .one = Figure
form-milestones-sources = Pages that show it
    .one = Page
form-progress-summary = What happened
form-next = What comes next
form-evaluation-about = Plan that is judged
form-evaluation-commitment = Commitment, if it is one
form-evaluation-summary = The verdict in a few sentences
form-completion = Completion
form-verifiable = Can it be verified?
form-relevant = Has it to do with openness?
form-ambition = Ambition
form-early-results = Did it open government?
form-opened = Under each value
    .one = Value
form-opened-value = Value
form-result = What changed
form-judged = On what it rests
form-method = How it was judged
form-recommendations = Recommendations
    .one = Recommendation
form-recommendations-text = What should be done
form-practice = Practice that you take up
form-adoption-state = How far you have come
form-adaptation = What you changed, and why
form-adoption-period = When
form-to = What you answer
form-part = Part of it
form-text = Text
form-practices = Practices that answer
form-event-period = When
form-venue = Hall or address
form-online = Link to follow it from afar
form-agenda = Agenda
form-outputs = What came of it
form-endorses = What you co-sign
form-capacity = As
form-endorse-note = Reservations or conditions
form-names = Name
form-level = Level
form-code = Official code
form-parent = Collectivity above it
form-profile-summary = What you say of yourselves
form-site = Site
form-frameworks = Frameworks
    .one = Framework
form-framework = Framework
form-since = Since
form-reason = Reason
form-withdraw-reason = Reason
    .help = It stays published in place of what you take back.
form-basis = Legal basis
form-all-versions = Withdraw all versions
draft-first = Publish a good practice
draft-other = Something else
draft-list = Drafts
draft-none = There are no drafts yet.
draft-new = New draft
draft-new-lead = What do you want to publish? Nothing appears before you have read and signed it.
draft-choose-share = Share and discuss
draft-choose-plan = The programme of openness
draft-choose-other = Other
draft-waiting = Waiting to be published
draft-writing = Being written
draft-published = Published lately
draft-untitled = Untitled
draft-for-you = Waits for you
draft-meter-short = Filled in: { $text }
draft-changed-by = Changed by { $name }, { $when }
draft-asked-by = { $name } asked for publication, { $when }.
draft-signing-by = Being signed: { $name }, { $when }
draft-published-by = Published by { $name }, { $when }
draft-returned-by = Given back by { $name }, { $when }:
draft-title = New draft: { $kind }
draft-title-revision = New version: { $kind }
draft-title-withdrawal = Withdraw a record
draft-replaces = Will replace:
draft-takes-back = Will withdraw:
draft-saved = The draft is saved.
draft-saved-at = Saved at { $when }
draft-saving = Saving…
draft-offline = The connection to the node is lost.
draft-kept = What you wrote is kept in this browser and will be saved when it is back.
draft-restored = What you wrote before the interruption is back.
draft-waiting-why = If you change anything, it has to be asked for again.
draft-no-faults = No faults: it can be read over and published.
draft-save = Save
draft-check = Check
draft-preview = Preview before publishing
draft-languages = Languages
draft-languages-which = The languages in which you write
draft-languages-set = Apply
draft-meter-title = How complete it is
draft-meter = { $filled } of { $wanted } filled in
draft-lacking = A good record also has:
draft-complete = Nothing lacks.
draft-translation = Translation
draft-discard = Throw the draft away
draft-discard-why = It cannot be brought back.
draft-discard-now = Throw it away
draft-conflict-title = Somebody else has changed this draft
draft-conflict-who = { $name } changed it, { $when }.
draft-conflict-why = Nothing was written over. Compare, then choose.
draft-conflict-table = Where the two differ
draft-conflict-field = Field
draft-conflict-theirs = Theirs, which is saved
draft-conflict-own = Yours, not saved yet
draft-conflict-take-theirs = Keep theirs
draft-conflict-take-own = Save mine instead
draft-conflict-note = If you keep theirs, yours is not saved: copy what you need of it first.
draft-conflict-script = { $name } changed it, { $when }. Press “Save” to compare and choose; nothing is lost.
preview-title = Preview before signing
preview-in = As it will be read: { $language }
preview-data = All that will be signed, as data
preview-signed = What the node will sign
preview-kind = Kind
preview-time = Time
preview-size = Size
preview-final = Once signed it cannot be deleted. It can be revised or withdrawn, and that stays visible.
preview-withdrawal = Withdrawal of a record
preview-read = By this you confirm that you have read what will be signed for the collectivity.
preview-publish = Sign and publish
preview-ask = Ask for publication
preview-ask-why = Somebody else who may publish reads it and signs it.
preview-wait = It waits for somebody else’s approval.
preview-signing = It is being signed. Load the page again in a moment.
preview-edit = Back to writing
preview-return = Give it back
preview-remark = What should change?
preview-return-now = Give back
act-title = What do you want to do?
act-revise = Revise
act-withdraw = Withdraw
act-reply = Reply
act-adopt = Adopt this practice
act-answer = Answer with a practice
act-evaluate = Evaluate
act-report = Report progress
act-endorse = Co-sign
act-propose = Add a proposal
draft-faults =
    { $count ->
        [one] { $shown } thing to correct
        *[other] { $shown } things to correct
    }
draft-more-texts =
    { $count ->
        [one] and { $shown } more
        *[other] and { $shown } more
    }
draft-bytes =
    { $count ->
        [one] { $shown } byte
        *[other] { $shown } bytes
    }

## Members
members-lead = Who belongs to the network, counted from the signed entries: no number is stored, it is counted again for each date.
members-date = As of
members-show = Show
members-today = Back to today
members-now = Today
members-as-of = As of { $date }
members-regions = By region
members-list = List of members
members-none = No members on that date.
members-none-next = Choose a later date, or wait until the stewards’ entries have arrived.
members-others = Others known here
members-others-why = They are no members on that date; the state says why.
map-title = Number of members in each of the twelve regions
map-about = A simplified map: one tile of the same size for each region, about where it lies; the table beside it has the same numbers.
column-number = No.
column-region = Region
column-regions = Regions
column-provinces = Prefectures and provinces
column-communes = Communes
column-all = Total
column-member = Name
column-level = Level
column-place = Official code
column-since = Applied on
column-admitted = Admitted by stewards
column-state = State
column-entries = Entries of the log
place-is-confirmed = confirmed by stewards
place-is-claimed = not confirmed
member-member = member
member-admitted = admitted, its application is not here
member-suspended = suspended
member-left = left
member-closed = log closed
member-candidate = candidate
member-outside = outside the network
member-steward = steward
log-title = Log of { $name }
log-heading = Everything that was signed
log-what = The log, newest first: each entry names the one before it by its hash. What a change of key left behind, or what lies beyond a fork, is shown with its mark.
log-seq = No.
log-claimed = Date claimed
log-kind = Entry
log-standing = State
log-id = Identifier
log-counts = counts
log-disowned-on = by a change of key of { $date }
log-dated = Beside each entry stands by when it existed, by the word of the members who confirmed a checkpoint that shows it.
log-not-witnessed = not witnessed yet
log-lists =
    { $count ->
        [one] lists the head of { $shown } log
        *[other] lists the heads of { $shown } logs
    }
log-confirms = confirms the checkpoint of { $by } of { $date }
log-confirms-not-held = confirms a checkpoint of { $by } that is not held here
log-forked = forked log
log-contested = contested log
log-not-held = log not held here
published-title = Published numbers
published-why = What was published on the number of members of the Moroccan network, added up here. The source is not corrected: the difference is shown.
published-total = Declared total
published-sum = regions + prefectures and provinces + communes
published-verdict = Check
published-agrees = agrees
published-source = Source
published-from-saidia = article on the meeting at Saïdia, November 2024
published-from-sinpress = opening of an article of sinpress.ma
member-suspended-by = Suspended by
member-records = What it published
member-no-records = This member has published nothing yet.
member-all = All records of this member
member-standing = Standing and proof
member-continues = Continues
member-continued-by = Continued by
member-id = Id of the author
member-feed = What is new of this member (Atom)
member-log = The whole log (JSON)
members-total =
    { $count ->
        [one] { $shown } member
        *[other] { $shown } members
    }
members-unconfirmed =
    { $count ->
        [one] { $shown } whose level is not confirmed
        *[other] { $shown } whose level is not confirmed
    }
published-differs =
    { $count ->
        [one] differs from the sum by { $shown }
        *[other] differs from the sum by { $shown }
    }

## Network
network-none = This node belongs to no network yet
network-lead = There is no central server: every member has a node, and every node keeps everybody’s records. This is what this one sees now.
network-old = No word of the stewards has arrived for more than three months. This node may be cut off: check its connection.
network-nodes = Nodes
network-connected = Nodes connected now: { $nodes }.
network-alone = This node knows no other.
network-alone-next = Nodes find each other by an invitation or on the same local network. Ask a member for an invitation.
network-table = The nodes known: their state and why, the path, how far apart they are
graph-title = This node and those that it knows
graph-about = This node is in the middle, the others around it; the table below says the same.
legend-direct = connected directly
legend-relayed = connected through a relay
legend-away = not connected
column-node = Node
column-why = Why
column-path = Path
column-lag = How far apart
column-seen = Last sign
column-round-trip = Round trip
peer-connected = connected
peer-dialling = dialling
peer-away = away
peer-banned = banned
path-lan = local network
path-direct = internet
path-relayed = through a relay
why-unreachable = no answer
why-other-peer = another node answers there
why-own-address = it is this node’s own address
why-full = no place left
why-closed = connection closed
why-broken = connection broken
why-silent = no sign of life
why-other-network = belongs to another network
why-banned = refused here
lag-none = up to date
lag-unknown = not compared yet
network-charter = Charter
network-stewards = Stewards
network-last-statement = Last word of the stewards: { $date }
network-versions = Versions of the charter
network-licence = Licence: { $licence }
network-id = Id of the network
charter-version = Charter, version { $number }
charter-older = This is an earlier version of the charter.
charter-current = Read the version in force
charter-approved = Who approved it and when
charter-votes = Stewards who approved it: { $votes }
charter-times = The dates are those that each steward stated when signing.
charter-hash = Hash of the text
charter-before = Version before
charter-after = Version after
network-k =
    { $count ->
        [one] { $shown } steward decides.
        *[other] { $shown } stewards decide together.
    }

# Lists of heads: what the stewards' checkpoints say of the network (A4, Y6).
heads-title = Lists of heads
heads-lead = Once a week each steward signs a list of the last entry of every log, and the members confirm it. Whoever rewrites a log afterwards contradicts these lists.
heads-last = The last list is by { $by }, of { $date }.
heads-none = No list has been signed yet.
heads-fit = The lists fit together, and everything that they name is held here or on its way.
heads-two = Two lists name different entries at number { $seq } of the log of { $author }: one by { $one }, the other by { $other }. Both cannot be true; somebody was shown another log.
heads-back = { $one } listed the log of { $author } up to number { $seq }, and later only up to number { $back }. A node forgets nothing that it took: its store was replaced by an older one, or it hides what it knows.
heads-two-next = Keep both lists, they are the proof; ask the author and the stewards named here how this came about.
heads-not-supplied = { $by } listed the log of { $author } up to number { $seq }, and no node has supplied that entry since.
heads-not-supplied-next = This node goes on asking for it. Ask the steward or the author for a bundle of that log.
heads-proof = The signed lists:

lag-here =
    { $count ->
        [one] { $shown } entry is lacking here
        *[other] { $shown } entries are lacking here
    }
lag-there =
    { $count ->
        [one] it lacks { $shown } entry
        *[other] it lacks { $shown } entries
    }
milliseconds =
    { $count ->
        [0] under 1 ms
        [one] { $shown } ms
        *[other] { $shown } ms
    }

## Help and open data
help-read = Reading a record
help-read-first = A record begins with what was done, what it cost and what did not work. What its author has not said stands at the end, so that you can ask.
help-read-state = The state of a record is what its author says. A declared figure is shown as a claim, not as a result.
help-read-language = A text that does not exist in the language of the page is shown in its own, which is named. Translations are the author’s.
help-trust = Why it can be trusted
help-trust-signed = Every record is signed by its author, and the signature is checked again whenever it is shown. One letter changed, and it is no longer good.
help-trust-place = That the author is indeed that collectivity is what the stewards confirm; how many of them stands beside every record.
help-trust-copies = Every node keeps a copy of everybody’s records: nobody can erase or rewrite unseen what was published.
audit-title = Check a file
audit-what = A proof bundle is checked here as it comes and is not kept. For a whole network, or where you trust no node, use the command multaqa verify on your own computer.
audit-file = Proof bundle
audit-against = Another one to compare it with
audit-against-why = Two members’ files of the same logs show who holds more, and whether they contradict each other.
audit-check = Check
audit-no-file = No file was chosen. Choose a proof bundle, and check again.
audit-too-large = The files have more than { $count } MB, which is more than a node checks on this page. Use the command multaqa verify.
audit-cut-off = The file did not arrive whole: the line was cut. Send it again.
audit-link = or have a node check it
member-compare = Compare with what another node holds
member-compare-how = Take the proof bundle of this member here and on the page of another node, and have both checked together: it shows who holds more, and whether they contradict each other.
help-verify = Checking it offline
help-verify-how = The page of every record has a button “Proof bundle”. Download it, take it to any computer with the command multaqa, and run:
help-verify-verdict = The answer is one of three: verified, forged or altered, or undecided where something is lacking.
help-publish = Publishing a record
help-publish-how = The focal point publishes from the collectivity’s computer: fill a template, see what will be signed, then sign it.
help-publish-revise = What is published is not erased: a new version is published, or the record is withdrawn with a reason.
help-absent = Where a record is missing
help-absent-late = It may not have arrived yet: the page of the network shows what is lacking here.
help-absent-withdrawn = Or it was withdrawn: its place stays visible with the reason, its content is erased.
help-terms = What the words mean
term-verified = Signed by the key that the author’s log names.
term-forged = Not signed by that key: do not rely on it, and tell whoever keeps the node.
term-undecided = The entry that names the key is lacking.
term-disputed = Its author wrote two contradicting entries in one place, and it is not decided which one counts.
term-disowned = Its author said, with a change of key, that it did not write it.
term-withdrawn = Its author or the stewards took it back.
term-beyond-cut = Written after its author’s suspension.
data-lead = All that these pages show is there for programs too, with the same signed entries.
data-licence = Licence of what the network publishes:
data-table = Addresses for programs
data-more = Answers are JSON where nothing else is said. Ids have 64 hexadecimal digits, times are milliseconds since 1970.
column-address = Address
column-gives = What it gives
route-csv = all records as a table for a spreadsheet
route-jsonld = all records as linked data (JSON-LD)
route-atom = new records (Atom)
route-catalog = description of the data sets for portals (DCAT)
route-openapi = description of the interface (OpenAPI)
route-records = records, the newest first, with filters
route-members = members and totals, now or as of a date
route-network = the charter and the stewards
route-peers = other nodes and their state
route-status = how this node is
route-bundle = a proof bundle of all that is held here
terms-title = Concepts that join the languages
terms-lead = Who looks in one language finds what was written in another: each concept has its words in Arabic, French and English.
terms-more = Anyone can propose a concept or a word: the table is a file of the program (node/data/thesaurus.csv).
terms-table =
    { $count ->
        [one] { $shown } concept
        *[other] { $shown } concepts
    }

## The e-mail digest
digest-subject = Multaqa, { $time }: what is new and what waits for us
digest-new = New in the network
digest-by = { $title } — { $author }
digest-overdue = Overdue steps of our plans
digest-due = { $title } — due { $date }
digest-rest = In the office and on the node
digest-alone = The node is { $nodes }
digest-more =
    { $count ->
        [one] and { $shown } more
        *[other] and { $shown } more
    }
digest-foot = Sent by the collectivity's own node. Whoever looks after it changes or ends this in config.toml, under [digest].
