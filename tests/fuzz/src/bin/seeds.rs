//! Writes the seeds of every target, a folder each, below the folder that it is given.

use std::path::PathBuf;
use std::process::ExitCode;

use multaqa_fuzz::TARGETS;
use multaqa_fuzz::seed::{MAX_SEED, seeds};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: seeds FOLDER");
        return ExitCode::from(2);
    };
    for (target, _) in TARGETS {
        let folder = folder.join(target);
        let written = std::fs::create_dir_all(&folder).and_then(|()| {
            let short = seeds(target).into_iter().filter(|seed| seed.len() <= MAX_SEED);
            short
                .enumerate()
                .try_for_each(|(number, seed)| std::fs::write(folder.join(number.to_string()), seed))
        });
        if let Err(error) = written {
            eprintln!("{}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
