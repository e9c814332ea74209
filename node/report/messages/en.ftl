# Texts of audits, in English.

## The verdict
verdict-verified = VERIFIED: everything in it is valid, and nothing that it needs is missing.
verdict-forged = FORGED: somebody made or altered bytes so that a rule is broken.
verdict-undecided = UNDECIDED: something is missing, or of a later version.

## What is found
finding-at = byte { $at }
finding-bundle = the file itself is not as a bundle must be
finding-entry = an entry is not valid by its own bytes
finding-ancestors = an entry does not fit the log in which it stands
finding-parent-invalid = the entry before it is not valid
finding-body-unclaimed = a content belongs to no entry
finding-body-length = a content has another length than its entry says
finding-parent-missing = the entry before it is not included
finding-about-missing = what the bundle is about is not included
finding-charter-missing = the charter is not included
finding-log-missing = the log of a steward or of a listed author is not included
finding-network-body-missing = the content of a statement about the network is not included
finding-too-large = the file holds more than this program can keep: nothing from here on was judged. Ask for a bundle of one log or one record
finding-torn = the last write was cut off, as at a power cut
finding-forked = the log is forked: two entries follow one
finding-contested = the log is contested: changes of key contradict each other
finding-disowns = a change of key disowns entries
finding-unplaced = signed by a key of the author, but its log is not included: a stolen old key could have made it
finding-log-cut-off = a checkpoint shows more of a log than this file holds
finding-head-not-here = a checkpoint names an entry that is not in this file, though others at its place are
finding-body-malformed = a content cannot be read
finding-present-though-withdrawn = a content was withdrawn and is included all the same
finding-body-cut-off = a content belongs to no entry: a write was cut short, as at a power cut

## The page
report-title = Report of an audit
about-file = File
about-bytes = Length
about-bytes-count = { $count } bytes
about-sha256 = SHA-256 of the file
about-scope = What it holds
about-about = Identifier of what it is about
about-network = Network
about-made = Made, by the clock of whoever made it
about-checked = Checked, by the clock of whoever checked it
about-program = Checked with
scope-network = all logs of a network
scope-author = the log of one author
scope-entry = one record, with the log that leads to it
scope-journal = what a node keeps
checks-title = What was checked
state-holds = in order
state-noted = in order, with a remark
state-broken = broken
state-open = cannot be decided
state-not-here = not in this file, which is no fault
findings-more = and others: { $count }

## Checks
check-file = The file
check-file-what = Its first and last items, their order, and the hash of all bytes.
check-entries = The form of the entries
check-entries-what = Each entry by its own bytes, one permitted encoding only. Entries: { $count }
check-signatures = The signatures
check-signatures-what = Each with the key that its author's log shows at that place. Signatures: { $count }
check-chain = The chain of each log
check-chain-what = Each entry names the one before it by its hash, so nothing can be changed, inserted or taken out in between. Logs: { $count }
check-history = One history for each log
check-history-what = No author says one thing to some and another to others; where a key was changed, what that disowns. Logs: { $count }
check-contents = The contents
check-contents-what = Each content belongs to an entry by its hash and length. Contents: { $count }
check-withdrawals = Withdrawals
check-withdrawals-what = What its author or the stewards withdrew must not be here any more. Withdrawn: { $count }
check-network = The network
check-network-what = The charter, the stewards, and whom they admitted. Members: { $count }
check-dates = Dates that others confirm
check-dates-what = Stewards' statements of heads, members' confirmations of them, and whether logs go as far as these say. Statements that show a listed record: { $count }

## Records and logs
records-title = Records
records-record = Record
records-author = Signed by
records-seq = entry { $count } of its log
records-claimed = Date claimed
records-dates = Dates confirmed by others
records-state = State
records-more = Records that are not listed: { $count }
record-untitled = no title
record-counts = counts
record-absent = counts; its content is not in this file
record-replaced = replaced by a later version: { $by }
record-withdrawn = withdrawn by its author, for this reason: { $reason }
record-withdrawn-by-order = withdrawn by order of the stewards, for this reason: { $reason }
record-withdrawn-here = withdrawn, and here all the same; the reason: { $reason }
record-disputed = disputed: the log is forked or contested before it
record-disowned = disowned by a change of key: { $by }
record-beyond-cut = written after its author's suspension
record-unplaced = without the log that leads to it
dates-witnessed = existed before { $date }: confirmed by then by { $count } of { $members } members, of other regions: { $others }
dates-shown = shown by a steward's statement of { $date }; no member confirms it
dates-not-before = not before { $date }
dates-none = nobody else confirms a date
logs-title = Logs
logs-entries = Entries
logs-head = Last entry
log-ok = one history
log-forked = forked: two entries follow one
log-contested = contested: changes of key contradict each other
log-closed = closed
log-cut = its author was suspended
log-witnessed = confirmed by members up to entry { $seq }
log-shown = shown by stewards up to entry { $seq }

## Two files
compared-title = Compared with another file
compared-first = Last entry here
compared-second = Last entry there
compared-same = the same
compared-first-further = this file goes further
compared-second-further = the other file goes further
compared-apart = contradicts: neither has the other’s last entry
compared-only-first = in this file only
compared-only-second = in the other file only

## Limits
beyond-title = What this file cannot tell
beyond-absent = What the contents say that are not in it: { $count }
beyond-unplaced = Whether entries whose log is not included count: { $count }. A stolen old key could have made them.
beyond-members = Who is a member of the network and which place an author is: the stewards' logs are not in it.
beyond-dates = Since when records exist of which nobody else confirms a date: { $count }. Their dates are claims of their authors.
beyond-later = Whether there is more since: a later version, a withdrawal, a fork. Ask a member for the newest file.
beyond-key = Who held the key in the hand. A signature shows the key, not the person.
beyond-truth = Whether what a record says is true. It shows who stands by it and since when, not that it is so.
again-title = To check again
again-what = Other programs must come to the same verdict. They need this file and no network:

## Kinds of records
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
