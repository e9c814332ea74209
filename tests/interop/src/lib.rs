//! Programs in other languages, held against the real one: the readers and the auditor's script in
//! `examples/`, which were written from `docs/protocol.md` and share no code with this workspace.
//!
//! A [`Client`] is such a program while it runs, heard line by line. What the programs need is
//! installed by `tests/run`; where it is missing, a test fails and says so.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use multaqa_cluster::{DEADLINE, string};
use serde_json::Value;

/// Returns the top of the repository.
///
/// # Panics
///
/// If this crate has moved.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// Returns a command of Python in the environment that has the examples' libraries:
/// `MULTAQA_PYTHON`, else the one that `tests/run` makes in the folder of the build.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn python(script: &str) -> Command {
    let python = env::var_os("MULTAQA_PYTHON").map_or_else(
        || {
            let own = env::current_exe().expect("a test knows its own program");
            let target = own.ancestors().nth(3).expect("a test lies three folders below the target");
            target.join("tools/interop/bin/python")
        },
        PathBuf::from,
    );
    assert!(python.is_file(), "there is no {}: run tests/run, or set MULTAQA_PYTHON", python.display());
    let mut command = Command::new(python);
    command.arg(repository().join(script)).env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Returns a command of Node for a script of the repository.
///
/// # Panics
///
/// If the libraries of the example are not installed.
#[must_use]
pub fn node(script: &str) -> Command {
    let modules = repository().join("examples/javascript/node_modules");
    assert!(modules.is_dir(), "run tests/run, or `npm ci` in examples/javascript");
    let mut command = Command::new("node");
    command.arg(repository().join(script));
    command
}

/// A program that prints one JSON object a line, killed when dropped.
#[derive(Debug)]
pub struct Client {
    child: Child,
    lines: Receiver<String>,
    errors: Option<JoinHandle<String>>,
    heard: Vec<Value>,
}

impl Client {
    /// Starts it.
    ///
    /// # Panics
    ///
    /// If it does not start.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (out, mut err) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let errors = thread::spawn(move || {
            let mut said = String::new();
            let _ = err.read_to_string(&mut said);
            said
        });
        Self { child, lines, errors: Some(errors), heard: Vec::new() }
    }

    /// Returns everything up to and with the next object of a kind of event.
    ///
    /// # Panics
    ///
    /// If it ends or falls silent before, or says that something is wrong.
    pub fn until(&mut self, event: &str) -> Vec<Value> {
        let began = Instant::now();
        loop {
            let left = DEADLINE.saturating_sub(began.elapsed());
            let Ok(line) = self.lines.recv_timeout(left) else {
                let _ = self.child.kill();
                let said = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
                panic!("no {event} after {:#?}\n{said}", self.heard);
            };
            let object: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let found = string(&object, "event");
            assert!(!["broken", "rejected", "too-slow"].contains(&&*found), "{object}");
            self.heard.push(object);
            if found == event {
                return std::mem::take(&mut self.heard);
            }
        }
    }

    /// Gives it a line of input.
    ///
    /// # Panics
    ///
    /// If it has ended.
    pub fn go_on(&mut self) {
        let input = self.child.stdin.as_mut().expect("piped");
        input.write_all(b"\n").and_then(|()| input.flush()).expect("it listens");
    }

    /// Waits until it has ended by itself, which must be with success.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn ends(mut self) {
        let began = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                break status.code();
            }
            assert!(began.elapsed() < DEADLINE, "it does not end");
            thread::sleep(std::time::Duration::from_millis(50));
        };
        let said = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        assert_eq!(code, Some(0), "{said}");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the objects of a kind of event.
pub fn of<'a>(objects: &'a [Value], event: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["event"] == event).collect()
}
