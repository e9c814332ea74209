//! A router that passes a port on when it is asked to by UPnP, as many a home's does: miniupnpd.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::space::{Program, Space, run};

/// What miniupnpd writes its rules into. The home's own rules let pass what these translate.
const CHAINS: &str = "table inet filter {
    chain forward { type filter hook forward priority filter; jump miniupnpd; }
    chain prerouting { type nat hook prerouting priority dstnat; jump prerouting_miniupnpd; }
    chain postrouting { type nat hook postrouting priority 99; jump postrouting_miniupnpd; }
    chain miniupnpd { }
    chain prerouting_miniupnpd { }
    chain postrouting_miniupnpd { }
}";

/// Starts it in a router, between two of its devices; its files are in `dir`.
pub(crate) fn offer(router: &Space, outside: &str, inside: &str, dir: &Path) -> Program {
    let settings = dir.join("miniupnpd.conf");
    let text = format!(
        "ext_ifname={outside}\nlistening_ip={inside}\nipv6_disable=yes\nmin_lifetime=120\n\
         uuid=00000000-0000-4000-8000-000000000001\n"
    );
    fs::write(&settings, text).expect("the file can be written");
    router.nft(CHAINS);
    let _ = run(router.command("miniupnpd").arg("--version"), "");
    let mut command = router.command("miniupnpd");
    command.arg("-d").arg("-f").arg(&settings).arg("-P").arg(dir.join("miniupnpd.pid"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Program::start(command)
}
