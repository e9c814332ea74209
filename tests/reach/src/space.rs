//! A network namespace: a machine's own interfaces, addresses, routes and packet filter, made and
//! removed by a test. Nothing outside of it is touched, and nothing that the test did not make.

use std::io::{BufRead, BufReader, Write};
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Spaces made by this process, so that no two have one name.
static MADE: AtomicU32 = AtomicU32::new(0);

/// What has to be there, said when it is not.
const NEEDS: &str = "these tests make network namespaces: they need root (CAP_SYS_ADMIN and CAP_NET_ADMIN), \
                     /dev/net/tun, and `ip`, `tc`, `nft` and `miniupnpd`: \
                     apt-get install iproute2 nftables miniupnpd-nftables";

/// A network namespace, removed when dropped. What runs in it has to have ended by then.
#[derive(Debug)]
pub struct Space {
    name: String,
}

impl Space {
    /// Makes a namespace whose name ends in `what`, with loopback up.
    ///
    /// # Panics
    ///
    /// If namespaces are refused here; it says what to do.
    #[must_use]
    pub fn new(what: &str) -> Self {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("multaqa-{}-{number}-{what}", process::id());
        let mut add = Command::new("ip");
        run(add.args(["netns", "add", &name]), "");
        let space = Self { name };
        space.ip("link set lo up");
        space
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the words that start a program in it.
    #[must_use]
    pub fn words(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.name]
    }

    /// Returns the command of a program in it.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let [ip, words @ ..] = self.words();
        let mut command = Command::new(ip);
        command.args(words).arg(program);
        command
    }

    /// Runs `ip` on it, with arguments that have no spaces in them.
    ///
    /// # Panics
    ///
    /// If it fails.
    pub fn ip(&self, args: &str) {
        run(Command::new("ip").args(["-n", &self.name]).args(args.split_whitespace()), "");
    }

    /// Runs `tc` on it, with arguments that have no spaces in them.
    ///
    /// # Panics
    ///
    /// If it fails.
    pub fn tc(&self, args: &str) {
        run(Command::new("tc").args(["-n", &self.name]).args(args.split_whitespace()), "");
    }

    /// Gives its packet filter further rules, or another command of `nft`; returns what it says.
    ///
    /// # Panics
    ///
    /// If that is refused.
    pub fn nft(&self, rules: &str) -> String {
        run(self.command("nft").args(["-f", "-"]), rules)
    }

    /// Lets it pass packets on, as a router does.
    ///
    /// # Panics
    ///
    /// If that is refused.
    pub fn forward(&self) {
        run(self.command("tee").arg("/proc/sys/net/ipv4/ip_forward"), "1");
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.name]).output();
    }
}

/// A program that runs beside a test, ended when dropped.
#[derive(Debug)]
pub(crate) struct Program(Child);

impl Program {
    /// Starts it.
    pub(crate) fn start(mut command: Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}\n{NEEDS}")))
    }

    /// Returns the first line that it writes to its standard output, which is piped.
    pub(crate) fn first_line(&mut self) -> String {
        let mut said = String::new();
        let out = self.0.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut said).expect("it can be read");
        said
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command to its end, with a text as its standard input; returns what it says.
pub(crate) fn run(command: &mut Command, input: &str) -> String {
    let done = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().and_then(
        |mut child| {
            child.stdin.take().expect("it is piped").write_all(input.as_bytes())?;
            child.wait_with_output()
        },
    );
    match done {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => panic!("{command:?}: {}\n{NEEDS}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{command:?}: {error}\n{NEEDS}"),
    }
}
