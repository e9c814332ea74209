//! Disks that a test makes and mounts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a command of the system, which must succeed.
fn system(program: &str, args: &[&str]) {
    let run = Command::new(program).args(args).output();
    let output = run.unwrap_or_else(|error| panic!("{program}: {error}: these tests need it"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {said} (these tests need root)");
}

/// A file system under a folder of its own, taken away when dropped.
pub(crate) struct Mounted {
    pub(crate) root: PathBuf,
}

impl Mounted {
    /// Mounts the file system that is in a file. It writes by itself only every five minutes what nobody made
    /// durable, as if the power was cut just before.
    pub(crate) fn image(file: &Path, root: PathBuf) -> Self {
        fs::create_dir_all(&root).unwrap();
        system("mount", &["-o", "loop,commit=300", file.to_str().unwrap(), root.to_str().unwrap()]);
        Self { root }
    }

    /// Mounts a file system in memory of so many MiB.
    pub(crate) fn memory(mebibytes: u64, root: PathBuf) -> Self {
        fs::create_dir_all(&root).unwrap();
        system(
            "mount",
            &["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs", root.to_str().unwrap()],
        );
        Self { root }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.root).status();
    }
}

/// Makes a file that holds an empty ext4 of 2 GiB, of which only what is used takes room.
pub(crate) fn ext4(file: &Path) {
    fs::File::create(file).and_then(|made| made.set_len(2 << 30)).unwrap();
    system("mkfs.ext4", &["-q", "-F", "-J", "size=16", file.to_str().unwrap()]);
}

/// Copies a file, its holes as holes.
pub(crate) fn copy_sparse(from: &Path, to: &Path) {
    system("cp", &["--sparse=always", from.to_str().unwrap(), to.to_str().unwrap()]);
}
