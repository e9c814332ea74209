//! Writes the files in `data/` anew. They are frozen: run it to add cases, and look at the
//! difference, which must not touch those that exist.

fn main() -> std::io::Result<()> {
    for (file, group) in multaqa_vectors::make::groups() {
        std::fs::write(multaqa_vectors::folder().join(file), multaqa_vectors::to_json(&group))?;
    }
    Ok(())
}
