//! The networks of these tests are what they say: without that, the other tests show nothing.

use std::process::Stdio;

use multaqa_reach::{Line, Nat, Switch};

/// Writes from one port to the same port of an address for three seconds, until an answer comes.
const PUNCH: &str = "
import socket, sys
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.bind(('0.0.0.0', 4480))
line.settimeout(0.2)
for _ in range(15):
    line.sendto(b'?', (sys.argv[1], 4480))
    try:
        line.recv(1)
    except socket.timeout:
        continue
    line.sendto(b'!', (sys.argv[1], 4480))
    sys.exit(0)
sys.exit(1)
";

/// Returns whether two machines behind routers of one kind come through to each other.
fn punches(nat: Nat) -> [bool; 2] {
    let internet = Switch::internet();
    let homes = ["home-a", "home-b"].map(|name| internet.home(name, [192, 168, 1], nat));
    let hosts = [0, 1].map(|at| homes[at].host("host", Line::Cable));
    let started = [0, 1].map(|at| {
        let other = homes[1 - at].outside().unwrap().to_string();
        let mut command = hosts[at].space().command("python3");
        command.args(["-c", PUNCH, &other]).stdin(Stdio::null()).spawn().unwrap()
    });
    started.map(|mut child| child.wait().unwrap().success())
}

#[test]
fn a_hole_can_be_punched_through_steady_routers_and_not_through_symmetrical_ones() {
    assert_eq!(punches(Nat::Steady), [true, true]);
    assert_eq!(punches(Nat::Symmetrical), [false, false]);
}
