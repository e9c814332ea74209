//! Lines between a host and its switch: a cable, or a slow line through a program.
//!
//! `tc netem` is not in every kernel. A delay is therefore made by `slow_line.py`, which passes frames
//! between two TAP devices; a narrow line by `tc tbf`; loss by the packet filter of the switch.

use std::process::Stdio;
use std::time::Duration;

use crate::space::{Program, Space};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/slow_line.py");
/// What a narrow line keeps waiting before it drops: half a second, as cheap routers do.
const QUEUE: &str = "burst 8kb latency 500ms";

/// How a host is connected to its switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// At once, and as wide as the machine makes it.
    Cable,
    /// Through a line with a delay each way.
    Slow {
        /// The delay of each frame.
        delay: Duration,
        /// Bits a second each way, as `tc` writes them (`1mbit`); `None` for any number.
        rate: Option<&'static str>,
    },
}

/// The program that is a slow line; a cable needs none.
#[derive(Debug)]
pub(crate) struct Laid {
    _program: Option<Program>,
}

impl Line {
    /// Lays the line between `near`, where the device is called `port`, and `far`, where it is `eth0`.
    pub(crate) fn lay(self, near: &Space, port: &str, far: &Space) -> Laid {
        let Self::Slow { delay, rate } = self else {
            near.ip(&format!("link add {port} type veth peer name eth0 netns {}", far.name()));
            return Laid { _program: None };
        };
        let end = format!("{port}-far");
        let mut command = near.command("python3");
        command.args([PROGRAM, &delay.as_millis().to_string(), port, &end]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = Program::start(command);
        assert_eq!(
            program.first_line(),
            "ready\n",
            "the slow line does not start: it needs python3 and /dev/net/tun"
        );
        near.ip(&format!("link set {end} netns {} name eth0", far.name()));
        if let Some(rate) = rate {
            for (space, device) in [(near, port), (far, "eth0")] {
                space.tc(&format!("qdisc add dev {device} root tbf rate {rate} {QUEUE}"));
            }
        }
        Laid { _program: Some(program) }
    }
}
