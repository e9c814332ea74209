//! What a node gives out, held against the programs that others read it with: frictionless, feedparser,
//! pyshacl, duckdb and schemathesis. `tests/run` installs them; where they are missing, a test fails and says so.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use multaqa_cluster::Answer;

/// Returns the top of the repository.
///
/// # Panics
///
/// If this crate has moved.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// Returns a program of the Python environment that has the libraries: the one that `MULTAQA_FORMATS` names
/// the folder of, else that which `tests/run` makes in the folder of the build.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn program(name: &str) -> Command {
    let tools = env::var_os("MULTAQA_FORMATS").map_or_else(
        || {
            let own = env::current_exe().expect("a test knows its own program");
            own.ancestors().nth(3).expect("a test lies three folders below the target").join("tools/formats")
        },
        PathBuf::from,
    );
    let program = tools.join("bin").join(name);
    assert!(program.is_file(), "there is no {}: run tests/run, or set MULTAQA_FORMATS", program.display());
    let mut command = Command::new(program);
    command.env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1").current_dir(repository());
    command
}

/// Runs a script of `checks`, which must end well, and returns what it said.
///
/// # Panics
///
/// If it does not.
pub fn check(script: &str, args: &[&str]) -> String {
    let path = format!("tests/formats/checks/{script}.py");
    Answer::of(program("python").arg(path).args(args)).ends(0).out
}
