//! R1 and R3: what a reader takes for a record of a kind.

use super::cbor::{Pairs, array, bstr, head, tstr, uint};
use super::{Cases, Expect, Input, Made, broken, hash_of};

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    for (kind, whole, needed) in kinds() {
        good(&mut cases, kind, &whole, needed);
        bad(&mut cases, kind, &whole, needed);
    }
    parts(&mut cases);
    let anything = Pairs::new([("title", uint(7))]);
    add(&mut cases, "R3", "an unknown kind", "org.example.water", &anything, true, "Carried as it is.");
    (
        "Bodies as records of a kind. Broken R3: the entry is valid (V8), its body is kept and served, and shown as \
         unreadable.",
        cases.0,
    )
}

fn add(cases: &mut Cases, rule: &str, name: &str, kind: &str, body: &Pairs, is_good: bool, note: &str) {
    let bytes = array(&[bstr(&[0x5a; 16]), body.encode()]);
    let expect = if is_good { Expect::Hash(hash_of(&bytes)) } else { broken("R3") };
    let input = Input::Record { hex: hex::encode(&bytes), of: kind.into() };
    cases.add(rule, &format!("{kind}: {name}"), input, expect, note);
}

/// Returns each kind with a body that says much, and the fields that it is nothing without.
fn kinds() -> Vec<(&'static str, Pairs, &'static [&'static str])> {
    let named = named();
    let list = |item: Vec<u8>| array(&[item]);
    let profile = map(&[("names", words()), ("level", tstr("commune")), ("code", tstr("06.461.01.15"))]);
    let practice = named.with("status", tstr("complete")).with("results", list(measure().encode()));
    let challenge = named.with("sought", words()).with("addressees", list(party().encode()));
    let milestone = map(&[("id", tstr("m1")), ("title", words()), ("end", tstr("2025-06"))]);
    let commitment = map(&[("id", tstr("c1")), ("title", words()), ("milestones", list(milestone.encode()))])
        .with("proposals", list(target(9).encode()));
    let stage = map(&[("stage", tstr("axes")), ("start", tstr("2024-02-01"))])
        .with("participation", list(map(&[("people", uint(60)), ("women", uint(31))]).encode()));
    let plan = named
        .with("cycle", uint(2))
        .with("stages", list(stage.encode()))
        .with("commitments", list(commitment.encode()))
        .with("declared", list(map(&[("percent", uint(44))]).encode()));
    let became =
        map(&[("state", tstr("commitment")), ("plan", target(4).encode()), ("commitment", tstr("c1"))]);
    let proposal = named.with("plan", target(4).encode()).with("became", became.encode());
    let state = map(&[("milestone", tstr("m1")), ("status", tstr("complete"))])
        .with("results", list(measure().encode()))
        .with("attachments", list(attachment().encode()));
    let progress =
        map(&[("plan", target(4).encode()), ("commitment", tstr("c1")), ("as_of", tstr("2025-06-30"))])
            .with("milestones", list(state.encode()));
    let evaluation =
        map(&[("about", target(4).encode()), ("summary", words()), ("completion", tstr("limited"))])
            .with("judged", list(target(5).encode()))
            .with("verifiable", tstr("yes"))
            .with("ambition", tstr("modest"))
            .with(
                "opened",
                list(map(&[("value", tstr("civic_participation")), ("result", tstr("marginal"))]).encode()),
            )
            .with("recommendations", list(map(&[("text", words())]).encode()));
    let adoption = map(&[("practice", target(3).encode()), ("state", tstr("in_progress"))])
        .with("adaptation", words())
        .with("results", list(measure().encode()));
    let reply =
        map(&[("to", target(3).encode()), ("text", words()), ("practices", list(target(2).encode()))]);
    let event = named
        .with("period", map(&[("start", tstr("2024-11-12")), ("end", tstr("2024-11-13"))]).encode())
        .with("participation", list(map(&[("people", uint(350))]).encode()))
        .with("recommendations", list(map(&[("id", tstr("r1")), ("text", words())]).encode()));
    let endorse = map(&[("endorses", target(6).encode()), ("capacity", tstr("monitoring_committee"))])
        .with("date", tstr("2025-07-10"));
    vec![
        ("profile", profile, &["names"]),
        ("practice", practice, &["title"]),
        ("challenge", challenge, &["title"]),
        ("plan", plan, &["title"]),
        ("proposal", proposal, &["title"]),
        ("progress", progress, &["plan", "commitment"]),
        ("evaluation", evaluation, &["about"]),
        ("adoption", adoption, &["practice", "state"]),
        ("reply", reply, &["to", "text"]),
        ("event", event, &["title"]),
        ("endorse", endorse, &["endorses"]),
    ]
}

fn good(cases: &mut Cases, kind: &str, whole: &Pairs, needed: &[&str]) {
    add(cases, "R3", "much of what it can say", kind, whole, true, "");
    let least = whole.0.iter().filter(|(name, _)| needed.contains(&name.as_str()));
    let least = Pairs(least.cloned().collect());
    let note = "A reader asks for no more; an author is asked for more before it signs.";
    add(cases, "R3", "the least", kind, &least, true, note);
    let later = whole.with("mood", array(&[map(&[("x", head(7, 21))]).encode()]));
    add(cases, "R3", "an unknown field", kind, &later, true, "Kept and ignored.");
    let revised = whole.with("replaces", target(1).encode());
    add(
        cases,
        "R1",
        "a new version",
        kind,
        &revised,
        true,
        "Whether it names an earlier version is R2's affair.",
    );
}

fn bad(cases: &mut Cases, kind: &str, whole: &Pairs, needed: &[&str]) {
    for field in needed {
        add(cases, "R3", &format!("no {field}"), kind, &whole.without(field), false, "");
        add(cases, "R3", &format!("{field} is an integer"), kind, &whole.with(field, uint(7)), false, "");
    }
    let hex = "11".repeat(32);
    let text = map(&[("author", tstr(&hex)), ("seq", uint(1)), ("id", tstr(&hex))]);
    let note = "Ids are bytes in a body, hex text only in drafts and JSON.";
    add(cases, "R1", "replaces with ids as text", kind, &whole.with("replaces", text.encode()), false, note);
}

/// Tables inside records.
fn parts(cases: &mut Cases) {
    let codes = |code: &str| array(&[tstr(code)]);
    let mut check = |name: &str, kind: &str, body: &Pairs, is_good: bool, note: &str| {
        add(cases, "R3", name, kind, body, is_good, note);
    };
    let practice = named();
    check(
        "an unknown code",
        "practice",
        &practice.with("principles", codes("foresight")),
        true,
        "Shown as it is.",
    );
    check("an extension's code", "practice", &practice.with("status", tstr("ma.paused")), true, "");
    check("a code as an integer", "practice", &practice.with("status", uint(1)), false, "");
    check(
        "one principle outside a list",
        "practice",
        &practice.with("principles", tstr("transparency")),
        false,
        "",
    );
    check(
        "a goal that there is not",
        "practice",
        &practice.with("sdgs", array(&[uint(18)])),
        true,
        "Shown as it is.",
    );
    let negative = array(&[head(1, 0)]);
    check("a negative goal", "practice", &practice.with("sdgs", negative), false, "");
    check(
        "words as text",
        "practice",
        &practice.with("context", tstr("Eau")),
        false,
        "No language is assumed.",
    );
    let dated = |text: &str| practice.with("period", map(&[("start", tstr(text))]).encode());
    for text in ["2024", "2024-02", "2024-02-29"] {
        check(&format!("from {text}"), "practice", &dated(text), true, "");
    }
    for text in ["", "24", "2023-02-29", "2024-2-1", "2024-13", "2024-02-29T00:00"] {
        check(&format!("from \"{text}\""), "practice", &dated(text), false, "");
    }
    let figure = |value: Vec<u8>| practice.with("results", array(&[measure().with("value", value).encode()]));
    check("a figure as an integer", "practice", &figure(uint(60)), true, "");
    check("a figure as a bool", "practice", &figure(head(7, 21)), false, "");
    let file = |hash: &[u8]| array(&[attachment().with("hash", bstr(hash)).encode()]);
    check("a file's hash of 31 bytes", "practice", &practice.with("attachments", file(&[1; 31])), false, "");

    let about = |target: &Pairs| {
        map(&[("about", target.encode()), ("summary", words()), ("completion", tstr("complete"))])
    };
    let longer = target(1).with("page", uint(3));
    check("a ref with a further field", "evaluation", &about(&longer), true, "");
    check("a ref without its id", "evaluation", &about(&target(1).without("id")), false, "");
    let beyond = target(1).with("seq", uint(1 << 32));
    check("a ref to a seq that there is not", "evaluation", &about(&beyond), false, "");
    let unknown = about(&target(1)).with("completion", tstr("ma.mostly"));
    check("an unknown verdict", "evaluation", &unknown, true, "");

    let progress = |state: &Pairs| {
        map(&[("plan", target(4).encode()), ("commitment", tstr("c1")), ("as_of", tstr("2025"))])
            .with("milestones", array(&[state.encode()]))
    };
    let state = map(&[("status", tstr("limited"))]);
    check("a state of a commitment without milestones", "progress", &progress(&state), true, "");
    check("an unknown state", "progress", &progress(&map(&[("status", tstr("halted"))])), true, "");
    check("a state as a table", "progress", &progress(&state.with("status", state.encode())), false, "");
    let evidence = state.with("sources", array(&[tstr("https://example.ma/")]));
    check("a source as text", "progress", &progress(&evidence), false, "");
    let empty = map(&[("plan", target(4).encode()), ("commitment", tstr(" "))]);
    check("a blank commitment", "progress", &empty, false, "It says nothing.");

    let became = |pairs: &Pairs| practice.with("became", pairs.encode());
    check(
        "merged",
        "proposal",
        &became(&map(&[("state", tstr("merged"))])),
        true,
        "An author is asked into what.",
    );
    let wrong = map(&[("state", tstr("merged")), ("merged_into", bstr(&[2; 32]))]);
    check("merged into a bare id", "proposal", &became(&wrong), false, "");

    let adoption = map(&[("practice", target(3).encode()), ("state", tstr("borrowed"))]);
    check("an unknown state", "adoption", &adoption, true, "");
    check("a state without letters", "adoption", &adoption.with("state", tstr("")), false, "");
    let reply = map(&[("to", target(3).encode()), ("text", map(&[]).encode())]);
    check("no text in any language", "reply", &reply, false, "");
    let ours = map(&[("text", words()), ("addressees", array(&[party().encode()]))]);
    let event = practice.with("recommendations", array(&[ours.encode()]));
    check("a recommendation with addressees", "event", &event, true, "");
    let bare = practice.with("recommendations", array(&[words()]));
    check(
        "a recommendation as words",
        "event",
        &bare,
        true,
        "A map of other fields: it says nothing that is known.",
    );
    let endorse = map(&[("endorses", array(&[target(6).encode()]))]);
    check("several versions at once", "endorse", &endorse, false, "One exact version.");
}

/// Returns what records that stand by themselves have in common.
fn named() -> Pairs {
    let principles = array(&[tstr("transparency"), tstr("participation")]);
    map(&[("title", words()), ("summary", words()), ("principles", principles)])
}

fn measure() -> Pairs {
    map(&[("indicator", words()), ("baseline", tstr("12")), ("value", tstr("-4.5"))])
        .with("date", tstr("2025-06"))
}

fn attachment() -> Pairs {
    map(&[
        ("name", tstr("pv.pdf")),
        ("hash", bstr(&[7; 32])),
        ("size", uint(4711)),
        ("mime", tstr("application/pdf")),
    ])
}

fn party() -> Pairs {
    map(&[("place", tstr("01.571.01.11")), ("author", bstr(&[8; 32]))])
}

fn target(seq: u8) -> Pairs {
    map(&[("author", bstr(&[0x11; 32])), ("seq", uint(seq.into())), ("id", bstr(&[seq; 32]))])
}

fn words() -> Vec<u8> {
    map(&[("ar", tstr("بئر")), ("fr", tstr("puits"))]).encode()
}

/// Returns a map in canonical order.
fn map(pairs: &[(&str, Vec<u8>)]) -> Pairs {
    pairs.iter().fold(Pairs::default(), |map, (name, value)| map.with(name, value.clone()))
}
