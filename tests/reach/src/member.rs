//! A collectivity's node on a machine of a test's networks, run as a clerk would: no option says
//! where others are.

use std::fs;
use std::path::Path;
use std::thread;

use multaqa_cluster::{Answer, Place, Running, found, items, string, text};
use serde_json::Value;

use crate::switch::Host;
use crate::wait::Limit;

/// Lines of a node's log that are shown when a test fails.
const LOG_LINES: usize = 60;

/// A node, and the machine that it is on.
#[derive(Debug)]
pub struct Member {
    /// Its data folder.
    pub place: Place,
    /// Its author.
    pub author: String,
    /// Its machine.
    pub host: Host,
    name: String,
    code: String,
    peer: String,
}

impl Member {
    /// Sets up the node of the collectivity with an official code, in a folder within `dir`.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[must_use]
    pub fn new(dir: &Path, name: &str, code: &str, host: Host) -> Self {
        let (place, author) = Place::init(dir.join(name), code);
        Self { place, author, host, name: name.to_owned(), code: code.to_owned(), peer: String::new() }
    }

    /// Writes the file of its settings.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn configure(&self, settings: &str) {
        fs::write(self.place.dir.join("config.toml"), settings).expect("the folder is there");
    }

    /// Starts the node with further options.
    ///
    /// # Panics
    ///
    /// If it does not become ready.
    #[must_use]
    pub fn start(&mut self, options: &[&str]) -> Running {
        let mut command = self.place.command_under(&self.host.space().words(), ["run", "--json", "-v"]);
        command.args(options);
        let running = self.place.start(command);
        self.peer = string(&self.place.object(["key", "show"]), "peer");
        running
    }

    /// Founds the network, as its only steward.
    ///
    /// # Panics
    ///
    /// If that fails.
    pub fn found(&self) {
        let _ = found(&self.place);
    }

    /// Makes an invitation, as the running node does where no address is given.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[must_use]
    pub fn invite(&self, addresses: &[&str]) -> String {
        let mut command = self.place.command(["invite", "--json"]);
        for address in addresses {
            command.args(["--address", address]);
        }
        string(&Answer::of(&mut command).ends(0).object(), "line")
    }

    /// Applies to the network of an invitation.
    ///
    /// # Panics
    ///
    /// If that fails.
    pub fn join(&self, invitation: &str) {
        let _ = self.place.text(["join", invitation]);
    }

    /// Admits a newcomer as soon as its application is here.
    ///
    /// # Panics
    ///
    /// If it does not arrive.
    pub fn admit(&self, newcomer: &Self, limit: Limit) {
        limit.wait(|| {
            let candidates = self.place.object(["candidates"]);
            let here = items(&candidates).iter().any(|candidate| candidate["author"] == newcomer.author);
            here.then_some(())
                .ok_or_else(|| format!("{} lacks the application of {}", self.name, newcomer.name))
        });
        let _ = self.place.text(["admit", &newcomer.author, "--place", &newcomer.code]);
    }

    /// Publishes a practice whose text has about so many bytes; returns its id.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[must_use]
    pub fn publish(&self, title: &str, bytes: usize) -> String {
        let file = self.place.dir.with_extension("practice.toml");
        // Words that do not repeat, in case anything on the way compresses.
        let actions: String = (0..bytes / 8).map(|word| format!("{:07x} ", word * 7_919)).collect();
        let body = format!(
            "kind = \"practice\"\nprinciples = [\"participation\"]\n\n[title]\nfr = \"{title}\"\n\n\
             [summary]\nfr = \"Essai\"\n\n[actions]\nfr = \"{actions}\"\n"
        );
        fs::write(&file, body).expect("the file can be written");
        string(&self.place.object(["publish", text(&file)]), "id")
    }

    /// Says what is lacking here of records, bodies included.
    ///
    /// # Errors
    ///
    /// What is lacking.
    pub fn holds(&self, records: &[String]) -> Result<(), String> {
        let held = self.place.records();
        let lacking = records.iter().filter(|id| !held.contains(id)).count();
        if lacking > 0 {
            return Err(format!("{} lacks {lacking} of {} records", self.name, records.len()));
        }
        let missing = self.place.object(["status"])["store"]["missing"].as_u64();
        (missing == Some(0)).then_some(()).ok_or_else(|| format!("{} lacks bodies: {missing:?}", self.name))
    }

    /// Says whether this node knows that it is a member.
    ///
    /// # Errors
    ///
    /// What it is instead.
    pub fn is_member(&self) -> Result<(), String> {
        let state = self.place.object(["status"])["network"]["state"].clone();
        (state == "member").then_some(()).ok_or_else(|| format!("{} is {state}", self.name))
    }

    /// Returns the id of its node, once it has been started.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// Returns the nodes through which others reach this one.
    #[must_use]
    pub fn relays(&self) -> Vec<String> {
        let status = self.place.object(["status"]);
        let relays = status["reach"]["relays"].as_array().cloned().unwrap_or_default();
        relays.iter().filter_map(|relay| relay.as_str().map(str::to_owned)).collect()
    }

    /// Returns what this node's `peers` says of another one.
    ///
    /// # Errors
    ///
    /// That it knows nothing of it.
    pub fn sees(&self, other: &Self) -> Result<Value, String> {
        let peers = self.place.object(["peers"]);
        let row = items(&peers).iter().find(|row| row["peer"] == other.peer.as_str()).cloned();
        row.ok_or_else(|| format!("{} does not know {}", self.name, other.name))
    }

    /// Says whether this node is connected to another one.
    ///
    /// # Errors
    ///
    /// What is the case instead.
    pub fn is_connected(&self, other: &Self) -> Result<Value, String> {
        let row = self.sees(other)?;
        let connected = row["state"] == "connected";
        if connected { Ok(row) } else { Err(format!("{} sees {}: {row}", self.name, other.name)) }
    }

    /// Says whether this node is connected to another one by a path.
    ///
    /// # Errors
    ///
    /// What is the case instead.
    pub fn is_connected_by(&self, other: &Self, path: &str) -> Result<Value, String> {
        let row = self.is_connected(other)?;
        let so = row["path"] == path;
        if so { Ok(row) } else { Err(format!("{} sees {}: {row}", self.name, other.name)) }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if thread::panicking() {
            let log = fs::read_to_string(self.place.log_file()).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
            eprintln!("-- the end of the log of {}:\n{last}", self.name);
        }
    }
}
