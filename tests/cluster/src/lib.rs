//! Real `multaqa` processes on loopback, asked by nothing but the command line: what a person or a
//! program may rely on, and nothing of the inside.
//!
//! A [`Place`] is a node's data folder and the commands on it; a [`Running`] is its process, which is
//! killed when it is dropped. Every wait ends at [`DEADLINE`], far beyond what it takes.

mod publisher;
mod running;
mod stick;

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub use publisher::{Publisher, Stopping};
pub use running::Running;
use serde_json::Value;

/// Longest wait for something to happen.
pub const DEADLINE: Duration = Duration::from_secs(120);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(100);

/// Returns the program under test: `MULTAQA_BIN`, else the one beside this test's own program.
///
/// # Panics
///
/// If there is none: the tests of this crate need it built.
#[must_use]
pub fn program() -> PathBuf {
    let path = env::var_os("MULTAQA_BIN").map_or_else(
        || {
            let own = env::current_exe().expect("a test knows its own program");
            let target = own.ancestors().nth(2).expect("a test lies two folders below the profile's");
            target.join("multaqa")
        },
        PathBuf::from,
    );
    assert!(
        path.is_file(),
        "there is no program {}: build it with `cargo build -p multaqa`, or name one in MULTAQA_BIN",
        path.display()
    );
    path
}

/// Returns a command of the program that no setting of the environment reaches.
#[must_use]
pub fn multaqa() -> Command {
    multaqa_under(&[])
}

/// Returns the same, started by other words that put it in its place (`ip netns exec NAME`).
#[must_use]
pub fn multaqa_under(words: &[&str]) -> Command {
    let mut command = match words {
        [] => Command::new(program()),
        [first, others @ ..] => {
            let mut command = Command::new(first);
            command.args(others).arg(program());
            command
        }
    };
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("MULTAQA_")) {
            command.env_remove(name);
        }
    }
    command.env_remove("STATE_DIRECTORY").env_remove("NOTIFY_SOCKET").env_remove("RUST_LOG");
    // As docs/operating.md runs the service.
    command.env("MALLOC_ARENA_MAX", "2");
    command.args(["--lang", "en"]).stdin(Stdio::null());
    command
}

/// What a command said, and the code it left.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answer {
    /// Runs a command to its end.
    ///
    /// # Panics
    ///
    /// If it does not start.
    #[must_use]
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program starts");
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Returns the answer, which must have ended with a code.
    ///
    /// # Panics
    ///
    /// If it ended with another.
    #[must_use]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// Returns the one JSON object on one line that standard output is.
    ///
    /// # Panics
    ///
    /// If it is anything else, or has no schema.
    #[must_use]
    pub fn object(&self) -> Value {
        let line = self.out.strip_suffix('\n').unwrap_or_else(|| panic!("no line: {self:?}"));
        assert!(!line.contains('\n'), "more than one line: {self:?}");
        let object: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let schema = object["schema"].as_str().unwrap_or_default();
        assert!(schema.starts_with("multaqa/"), "no schema: {self:?}");
        object
    }
}

/// A node's data folder, and the commands on it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The data folder.
    pub dir: PathBuf,
}

impl Place {
    /// Returns a data folder, which may not exist yet.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Makes the folder of the collectivity with an official code; returns it and its author.
    ///
    /// # Panics
    ///
    /// If it cannot be made.
    #[must_use]
    pub fn init(dir: impl Into<PathBuf>, code: &str) -> (Self, String) {
        let place = Self::new(dir);
        let key = place.dir.with_extension("rotation-key");
        let made = place.object(["init", "--place", code, "--rotation-key-out", text(&key)]);
        (place, string(&made, "author"))
    }

    /// Returns the command line on this folder.
    #[must_use]
    pub fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        self.command_under(&[], args)
    }

    /// Returns the same, started by other words; see [`multaqa_under`].
    #[must_use]
    pub fn command_under<A: AsRef<OsStr>>(
        &self,
        words: &[&str],
        args: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = multaqa_under(words);
        command.arg("--data").arg(&self.dir).args(args);
        command
    }

    /// Returns the file to which the node writes its log.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.dir.with_extension("log")
    }

    /// Runs a command to its end, whatever that is.
    #[must_use]
    pub fn ask<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Answer {
        Answer::of(&mut self.command(args))
    }

    /// Returns what a command that succeeds says, as text.
    #[must_use]
    pub fn text<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        self.ask(args).ends(0).out
    }

    /// Returns what a command that succeeds says, as an object.
    #[must_use]
    pub fn object<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Value {
        Answer::of(self.command(args).arg("--json")).ends(0).object()
    }

    /// Returns the ids of all entries of an author that count here, newest first; empty while it is unknown.
    #[must_use]
    pub fn log(&self, author: &str) -> Vec<String> {
        let answer = Answer::of(self.command(["log", author]).arg("--json"));
        if answer.code == 4 {
            return Vec::new();
        }
        let list = answer.ends(0).object();
        let counts = |row: &&Value| row["status"] == "canonical" || row["status"] == "withdrawn";
        items(&list).iter().filter(counts).map(|row| string(row, "id")).collect()
    }

    /// Returns the file with the rotation key that [`Place::init`] wrote.
    #[must_use]
    pub fn rotation_key(&self) -> PathBuf {
        self.dir.with_extension("rotation-key")
    }

    /// Copies this folder, as somebody does who can read it: some files left out, and with an identity
    /// of its own among the nodes.
    ///
    /// # Panics
    ///
    /// If it cannot be copied.
    #[must_use]
    pub fn copied(&self, dir: impl Into<PathBuf>, without: &[&str]) -> Self {
        let copied = Self::new(dir);
        copy(&self.dir, &copied.dir, without);
        let mut key = [0; 32];
        let mut random = File::open("/dev/urandom").expect("the system has random bytes");
        random.read_exact(&mut key).expect("the system has random bytes");
        // Written over, it keeps its permissions.
        fs::write(copied.dir.join("node.key"), key).expect("the copy can be written");
        copied
    }

    /// Returns the ids of all records here, over all pages.
    #[must_use]
    pub fn records(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let mut list = self.object(["list", "--limit", "100"]);
        loop {
            ids.extend(items(&list).iter().map(|item| string(item, "id")));
            let Some(next) = list["next"].as_str() else { return ids };
            list = self.object(["list", "--limit", "100", "--cursor", next]);
        }
    }

    /// Returns the addresses at which others reach its node, who it is included.
    ///
    /// # Panics
    ///
    /// If it listens nowhere.
    #[must_use]
    pub fn reached_at(&self, running: &Running) -> Vec<String> {
        let peer = string(&self.object(["key", "show"]), "peer");
        let whole = |address: String| {
            if address.contains("/p2p/") { address } else { format!("{address}/p2p/{peer}") }
        };
        running.addresses().into_iter().map(whole).collect()
    }
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let (name, about) = (entry.file_name(), entry.file_type().expect("the folder can be read"));
        if without.iter().any(|left_out| name == **left_out) {
            continue;
        }
        if about.is_dir() {
            copy(&entry.path(), &to.join(&name), without);
        } else if about.is_file() {
            // A running node may have taken a file away meanwhile, of its search index above all.
            let copied = fs::copy(entry.path(), to.join(&name));
            assert!(copied.is_ok() || !entry.path().exists(), "a file can be copied: {copied:?}");
        }
    }
}

/// Waits until something holds.
///
/// # Panics
///
/// If it does not by the deadline.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "in vain: {what}");
        thread::sleep(LOOK);
    }
}

/// Returns the next number of a sequence that a seed determines (SplitMix64).
pub const fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns an object's field, which must be text.
///
/// # Panics
///
/// If it is not.
#[must_use]
pub fn string(object: &Value, field: &str) -> String {
    object[field].as_str().unwrap_or_else(|| panic!("no text in {field}: {object}")).to_owned()
}

/// Returns the items of a list.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn items(list: &Value) -> &[Value] {
    list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}"))
}

/// Returns a path as text.
///
/// # Panics
///
/// If it is not UTF-8, which a temporary folder's is.
#[must_use]
pub fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// Writes a practice to a file.
///
/// # Panics
///
/// If it cannot be written.
pub fn write_practice(file: &Path, title: &str) {
    let text = format!(
        "kind = \"practice\"\nprinciples = [\"participation\"]\n\n[title]\nfr = \"{title}\"\n\n[summary]\nfr = \"Essai\"\n"
    );
    fs::write(file, text).expect("the file can be written");
}

/// Founds the network of a node, whose author is the only steward, and returns its id.
///
/// # Panics
///
/// If that fails.
#[must_use]
pub fn found(place: &Place) -> String {
    let charter = place.dir.with_extension("charter.toml");
    let text = "licence = \"CC-BY-4.0\"\nstewards = [\"self\"]\n\n[names]\nfr = \"Réseau d'essai\"\n\n[text]\nfr = \"Charte d'essai\"\n";
    fs::write(&charter, text).expect("the file can be written");
    let made = place.object(["network", "create", "--charter", self::text(&charter)]);
    string(&made, "network")
}

/// Has a node apply to a steward's network, runs it, and returns it once the steward, who runs, has
/// admitted it with its place and it knows.
///
/// # Panics
///
/// If that fails.
#[must_use]
pub fn join(steward: &Place, newcomer: &Place, author: &str, code: &str) -> Running {
    let invitation = string(&steward.object(["invite"]), "line");
    let _ = newcomer.text(["join", &invitation]);
    let running = newcomer.run(&[]);
    until("the application arrives", || {
        items(&steward.object(["candidates"])).iter().any(|candidate| candidate["author"] == author)
    });
    let _ = steward.text(["admit", author, "--place", code]);
    until("the newcomer knows", || newcomer.object(["status"])["network"]["state"] == "member");
    running
}
