//! Files of a stopped node are damaged, each kind in each way. Either the node starts and has everything again, from its
//! journal or from another node, or it refuses with a word about the file, and `doctor` names it. Nothing is lost in
//! silence.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use multaqa_cluster::{Place, Running, found, join, text};
use serde_json::Value;

use super::{HAJEB, SETTAT, publish};

/// Records of each of the two.
const RECORDS: usize = 6;
/// Longest wait for what was damaged to be whole again; what is not by then has to be named.
const LOOKS: usize = 60;

/// A way to damage a file.
#[derive(Clone, Copy, Debug)]
enum Damage {
    /// It ends at this share of its length, in percent.
    CutAt(u64),
    /// One bit there is another.
    FlippedAt(u64),
    /// From there on 4 KiB are zeros.
    ZeroedAt(u64),
    /// It is not there.
    Missing,
}

impl Damage {
    fn inflict(self, path: &Path) {
        let open = || fs::File::options().read(true).write(true).open(path).unwrap();
        let len = fs::metadata(path).unwrap().len();
        let at = |percent: u64| (len * percent / 100).min(len - 1);
        match self {
            Self::CutAt(percent) => open().set_len(len * percent / 100).unwrap(),
            Self::FlippedAt(percent) => {
                let (file, mut byte) = (open(), [0]);
                file.read_exact_at(&mut byte, at(percent)).unwrap();
                file.write_all_at(&[byte[0] ^ 4], at(percent)).unwrap();
            }
            Self::ZeroedAt(percent) => {
                let zeros = vec![0; 4096.min(len - at(percent)) as usize];
                open().write_all_at(&zeros, at(percent)).unwrap();
            }
            Self::Missing => fs::remove_file(path).unwrap(),
        }
    }
}

/// What became of a damaged folder.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything is there again, and so it is for whoever audits the folder, or `doctor` says what is left of the
    /// damage.
    Whole { verdict: i32, faults: Vec<String> },
    /// The node lacks something until `doctor --deep --fix` was run and it was started again.
    Mended(Vec<String>),
    /// It lacks something for good, and `doctor` says what.
    Named(Vec<String>),
    /// It does not start, says why with this code, and so does `doctor`.
    Refused(String, Vec<String>),
}

/// The two nodes: one is damaged, the other has everything.
struct Pair {
    whole: Place,
    addresses: Vec<String>,
    hurt: Place,
    author: String,
    /// What both hold: the log of each and all records.
    logs: [Vec<String>; 2],
    records: Vec<String>,
}

impl Pair {
    fn logs(&self, place: &Place, whole_author: &str) -> [Vec<String>; 2] {
        [place.log(&self.author), place.log(whole_author)]
    }
}

/// Returns the files below a folder, largest first.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).unwrap().len()));
    found
}

/// Every file that is damaged, and how.
fn cases(dir: &Path) -> Vec<(PathBuf, Damage)> {
    let relative = |path: &Path| path.strip_prefix(dir).unwrap().to_owned();
    let mut cases = Vec::new();
    let segment = relative(&files(&dir.join("journal"))[0]);
    for percent in [1, 30, 60, 95] {
        cases.push((segment.clone(), Damage::FlippedAt(percent)));
        cases.push((segment.clone(), Damage::ZeroedAt(percent)));
    }
    for percent in [0, 40, 99] {
        cases.push((segment.clone(), Damage::CutAt(percent)));
    }
    cases.push((segment, Damage::Missing));
    for file in files(&dir.join("index")).iter().filter(|file| fs::metadata(file).unwrap().len() > 0) {
        let name = relative(file);
        for damage in [Damage::FlippedAt(50), Damage::ZeroedAt(0), Damage::CutAt(50), Damage::Missing] {
            cases.push((name.clone(), damage));
        }
    }
    for name in ["guard", "author", "network.json", "version", "peers.json", "signing.key", "node.key"] {
        if dir.join(name).exists() {
            cases.push((name.into(), Damage::CutAt(50)));
            cases.push((name.into(), Damage::Missing));
        }
    }
    cases
}

/// Returns the codes of the faults that `doctor` finds.
fn faults(place: &Place) -> Vec<String> {
    let answer = place.ask(["--json", "doctor", "--deep"]);
    let found = answer.object();
    let findings = found["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|fault| fault["severity"] != "note")
        .map(|fault| fault["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn nothing_is_lost_in_silence_whatever_file_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, whole_author) = Place::init(dir.path().join("settat"), SETTAT);
    let (hurt, author) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&whole);
    let running = whole.run(&[]);
    let running_hurt = join(&whole, &hurt, &author, HAJEB);
    for number in 0..RECORDS {
        for place in [&whole, &hurt] {
            let _ = publish(place, &format!("Fiche {number} {}", "longue ".repeat(800))).ends(0);
        }
    }
    multaqa_cluster::until("both hold all", || {
        [&whole, &hurt].iter().all(|place| place.records().len() == 2 * RECORDS)
    });
    running_hurt.stop();
    let addresses = whole.reached_at(&running);
    let mut pair = Pair { whole, addresses, hurt, author, logs: Default::default(), records: Vec::new() };
    pair.logs = pair.logs(&pair.whole, &whole_author);
    pair.records = pair.whole.records();
    pair.records.sort();

    let mut silent = Vec::new();
    for (number, (file, damage)) in cases(&pair.hurt.dir).into_iter().enumerate() {
        let place = Place::new(dir.path().join(format!("case{number}")));
        let copied = std::process::Command::new("cp").arg("-a").arg(&pair.hurt.dir).arg(&place.dir).status();
        assert!(copied.unwrap().success());
        damage.inflict(&place.dir.join(&file));
        let began = Instant::now();
        let outcome = outcome(&pair, &place, &whole_author);
        let line =
            format!("{} {damage:?}: {outcome:?}, {:.1} s", file.display(), began.elapsed().as_secs_f32());
        println!("{line}");
        let is_said = match outcome {
            Outcome::Whole { verdict, faults } => verdict == 0 || !faults.is_empty(),
            Outcome::Mended(faults) | Outcome::Named(faults) => !faults.is_empty(),
            Outcome::Refused(code, faults) => !code.is_empty() && !faults.is_empty(),
        };
        if !is_said {
            silent.push(line);
        }
        fs::remove_dir_all(&place.dir).unwrap();
    }
    assert!(silent.is_empty(), "{silent:#?}");
    running.stop();
}

fn start(pair: &Pair, place: &Place) -> Option<Running> {
    place.try_start(place.serving(&[], &pair.addresses))
}

fn becomes_whole(pair: &Pair, place: &Place, whole_author: &str) -> bool {
    (0..LOOKS).any(|_| {
        let whole = is_whole(pair, place, whole_author);
        if !whole {
            thread::sleep(Duration::from_millis(200));
        }
        whole
    })
}

fn outcome(pair: &Pair, place: &Place, whole_author: &str) -> Outcome {
    let Some(running) = start(pair, place) else {
        let log = fs::read_to_string(place.log_file()).unwrap();
        let said = log.lines().rev().find_map(|line| serde_json::from_str::<Value>(line).ok());
        let code = said.and_then(|said| said["code"].as_str().map(str::to_owned)).unwrap_or_default();
        return Outcome::Refused(code, faults(place));
    };
    let is_whole = becomes_whole(pair, place, whole_author);
    let verdict = place.ask(["--json", "verify", text(&place.dir)]).code;
    let faults = faults(place);
    running.stop();
    if is_whole {
        return Outcome::Whole { verdict, faults };
    }
    let _ = place.ask(["doctor", "--deep", "--fix"]);
    match start(pair, place) {
        Some(_running) if becomes_whole(pair, place, whole_author) => Outcome::Mended(faults),
        _ => Outcome::Named(faults),
    }
}

/// Tells whether a node holds every entry and every content.
fn is_whole(pair: &Pair, place: &Place, whole_author: &str) -> bool {
    let answers = |args: &[&str]| place.ask(args).code == 0;
    if !answers(&["--json", "log", &pair.author]) || !answers(&["--json", "log", whole_author]) {
        return false;
    }
    let mut records = place.records();
    records.sort();
    let has_all = |(now, before): (&Vec<String>, &Vec<String>)| before.iter().all(|id| now.contains(id));
    let logs = pair.logs(place, whole_author);
    let reads = || pair.records.iter().all(|id| place.ask(["--json", "show", id]).code == 0);
    records == pair.records && logs.iter().zip(&pair.logs).all(has_all) && reads()
}
