//! `completions` and `man`: what packagers install beside the program.

use std::fs;
use std::path::Path;

use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::help::localise;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};

/// Shows the completion script of a shell.
pub(crate) fn completions(shell: Shell, context: &Context) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut localise(&context.catalogue), "multaqa", &mut script);
    context.out.raw(String::from_utf8_lossy(&script));
    Exit::Ok
}

/// Shows the manual page, or writes the pages of all verbs to a folder.
pub(crate) fn man(dir: Option<&Path>, context: &Context) -> Outcome {
    let command = localise(&context.catalogue);
    if let Some(dir) = dir {
        fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command, dir)).map_err(|error| {
            failure!(Exit::Other, "error-write", path = dir.display().to_string()).detail(error)
        })?;
    } else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page).expect("a page is written to memory");
        context.out.raw(String::from_utf8_lossy(&page));
    }
    Ok(Exit::Ok)
}
