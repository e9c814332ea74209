//! A real PostgreSQL for the tests of the copy: a server of its own in a temporary folder, reached by a Unix socket
//! alone, asked by psql. `tests/run` installs Debian's; where there is none, a test fails and says so.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use multaqa_cluster::{Answer, text, until};
use tempfile::TempDir;

/// Whom the server runs as where the tests run as root, which it refuses: a user that Debian's package makes.
const USER: &str = "postgres";
/// The database of the tests.
const DATABASE: &str = "hub";

/// A server with its folder; it is stopped when dropped.
#[derive(Debug)]
pub struct Postgres {
    dir: TempDir,
    server: Option<Child>,
}

/// Returns the folder of the server's programs: Debian's newest.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).expect("there is no /usr/lib/postgresql/*/bin/initdb: run tests/run")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().expect("the system has id").stdout == b"0\n"
}

/// Returns one of the server's programs, as a user that it accepts.
fn program(name: &str) -> Command {
    let path = programs().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups", "--"]).arg(path);
    command
}

impl Default for Postgres {
    fn default() -> Self {
        Self::new()
    }
}

impl Postgres {
    /// Makes a cluster with an empty database, and runs it.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder can be made");
        if is_root() {
            let given = Command::new("chown").arg(USER).arg(dir.path()).status();
            assert!(given.is_ok_and(|status| status.success()), "there is no user {USER}: run tests/run");
        }
        let data = dir.path().join("data");
        let arguments = ["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"];
        let made =
            program("initdb").args(arguments).arg("--pgdata").arg(&data).current_dir(dir.path()).output();
        let made = made.expect("initdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { dir, server: None };
        postgres.start();
        let created = postgres.psql("postgres", &format!("CREATE DATABASE {DATABASE}"));
        assert_eq!(created.code, 0, "{}", created.err);
        postgres
    }

    /// Runs the server until it answers.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn start(&mut self) {
        let dir = self.dir.path();
        let log =
            File::options().create(true).append(true).open(dir.join("log")).expect("the log can be written");
        let mut command = program("postgres");
        command.arg("-D").arg(dir.join("data")).arg("-k").arg(dir).args(["-c", "listen_addresses="]);
        command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.server = Some(command.spawn().expect("the server starts"));
        until("the server answers", || self.psql("postgres", "SELECT 1").code == 0);
    }

    /// Stops the server without a word to anybody, as a machine that loses its power (SIGQUIT).
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn crash(&mut self) {
        let mut server = self.server.take().expect("it runs");
        let told = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "it ended by itself");
        server.wait().expect("it is a child");
    }

    /// Returns the address of the database.
    #[must_use]
    pub fn address(&self) -> String {
        format!("postgres:///{DATABASE}?host={}&user={USER}", text(self.dir.path()))
    }

    /// Returns psql at the database, which reads nothing but what it is given.
    #[must_use]
    pub fn client(&self, database: &str) -> Command {
        let mut command = Command::new(programs().join("psql"));
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
        command.arg("--host").arg(self.dir.path()).args(["--username", USER, "--dbname", database]);
        command
    }

    fn psql(&self, database: &str, sql: &str) -> Answer {
        Answer::of(self.client(database).args(["--command", sql]))
    }

    /// Returns what the database answers, one row a line, with `|` between columns.
    ///
    /// # Panics
    ///
    /// If it refuses.
    #[must_use]
    pub fn ask(&self, sql: &str) -> String {
        let answer = self.psql(DATABASE, sql);
        assert_eq!(answer.code, 0, "{sql}\n{}", answer.err);
        answer.out.trim_end().to_owned()
    }

    /// Returns the number that the database answers.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn number(&self, sql: &str) -> u64 {
        let answer = self.ask(sql);
        answer.parse().unwrap_or_else(|_| panic!("no number: {answer}"))
    }

    /// Returns psql that has told the database to tell it of batches, and waits for commands.
    ///
    /// # Panics
    ///
    /// If it does not start.
    #[must_use]
    pub fn listener(&self) -> Child {
        let mut command = self.client(DATABASE);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("psql starts")
    }

    /// Returns a fingerprint of all that the copy says of entries, records and members, without when it was copied.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let tables =
            ["members", "member_periods", "commitments", "milestones", "reports", "adoptions", "evaluations"];
        let all = tables.iter().map(|table| {
            format!("(SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM multaqa.{table} AS t)")
        });
        let records =
            "(SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM multaqa.records AS t)".to_owned();
        let others = self.ask(&format!("SELECT {}", all.chain([records]).collect::<Vec<_>>().join(", ")));
        format!("{others}|{}", self.fingerprint_of_entries())
    }

    /// Returns the same of entries alone.
    #[must_use]
    pub fn fingerprint_of_entries(&self) -> String {
        let columns = "id, author, branch, seq, kind, time, status, body_state, body_hash, envelope, body";
        self.ask(&format!("SELECT md5(string_agg((({columns}))::text, '' ORDER BY id)) FROM multaqa.entries"))
    }

    /// Returns the folder of the server.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.crash();
        }
    }
}
