//! The process of a node: how it is started, and how it ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use serde_json::Value;

use crate::{DEADLINE, LOOK, Place};

impl Place {
    /// Returns the command that runs the node on free ports of this machine, started by other words (see
    /// [`crate::multaqa_under`]), which dials the addresses given.
    #[must_use]
    pub fn serving(&self, words: &[&str], dial: &[String]) -> Command {
        let mut command = self.command_under(words, ["run", "--json", "--no-mdns"]);
        command.args([
            "--listen",
            "/ip4/127.0.0.1/tcp/0",
            "--public",
            "127.0.0.1:0",
            "--office",
            "127.0.0.1:0",
        ]);
        if !dial.is_empty() {
            command.arg("--dial").arg(dial.join(","));
        }
        command
    }

    /// Runs the node, which dials the addresses given, until it can serve.
    ///
    /// # Panics
    ///
    /// If it does not become ready.
    #[must_use]
    pub fn run(&self, dial: &[String]) -> Running {
        self.start(self.serving(&[], dial))
    }

    /// Starts a command that is `run --json` on this folder, and waits until the node can serve.
    ///
    /// # Panics
    ///
    /// If it does not become ready.
    #[must_use]
    pub fn start(&self, command: Command) -> Running {
        self.try_start(command).unwrap_or_else(|| {
            let said = fs::read_to_string(self.log_file()).unwrap_or_default();
            panic!("{} is not ready:\n{said}", self.dir.display())
        })
    }

    /// Does the same; returns nothing where the node ends instead, and the reason is in its log file.
    ///
    /// # Panics
    ///
    /// If it does neither.
    #[must_use]
    pub fn try_start(&self, mut command: Command) -> Option<Running> {
        let log = self.log_file();
        let file = File::options().create(true).append(true).open(&log).expect("the log can be written");
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().expect("the program starts");
        let out = child.stdout.take().expect("it is piped");
        let mut running = Running { child, ready: Value::Null };
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out).read_line(&mut line);
            let _ = tell.send(read.map(|_| line));
        });
        let line = told.recv_timeout(DEADLINE).expect("it gets ready or ends").unwrap_or_default();
        running.ready = serde_json::from_str(&line).ok()?;
        Some(running)
    }
}

/// A node's process, killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// What it said when it could serve.
    pub ready: Value,
}

impl Running {
    /// Returns the addresses at which other nodes reach it.
    ///
    /// # Panics
    ///
    /// If it listens nowhere.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let listeners = self.ready["listeners"].as_array().cloned().unwrap_or_default();
        assert!(!listeners.is_empty(), "a node that listens nowhere: {}", self.ready);
        listeners.iter().filter_map(|address| address.as_str().map(str::to_owned)).collect()
    }

    /// Returns the memory that it holds, in bytes.
    ///
    /// # Panics
    ///
    /// If the system does not say.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux says it");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kib << 10
    }

    /// Sends it a signal by name.
    ///
    /// # Panics
    ///
    /// If it has ended by itself, which it must not.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill").args(["-s", name]).arg(self.child.id().to_string()).status();
        assert!(told.is_ok_and(|status| status.success()), "it ended by itself");
    }

    /// Kills it without a word (SIGKILL).
    ///
    /// # Panics
    ///
    /// If it has ended by itself, which it must not.
    pub fn kill(mut self) {
        assert!(self.child.try_wait().expect("it is a child").is_none(), "it ended by itself");
        self.child.kill().expect("it is a child");
        self.child.wait().expect("it is a child");
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    ///
    /// # Panics
    ///
    /// If it does not stop with success.
    pub fn stop(mut self) {
        self.signal("TERM");
        let began = Instant::now();
        let status: ExitStatus = loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                break status;
            }
            assert!(began.elapsed() < DEADLINE, "it does not stop");
            thread::sleep(LOOK);
        };
        assert_eq!(status.code(), Some(0), "it stops badly");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
