//! What folders hand to each other as files, without a network.

use std::fs;

use crate::{Place, string, text, write_practice};

impl Place {
    /// Has another folder take all that this one holds.
    ///
    /// # Panics
    ///
    /// If it cannot be written or taken.
    pub fn carry_to(&self, other: &Self) {
        let file = self.dir.with_extension("carried");
        let _ = fs::remove_file(&file);
        let _ = self.text(["export", "bundle", "--out", text(&file)]);
        let _ = other.text(["import", "bundle", text(&file)]);
    }

    /// Has a newcomer, who does not run, apply, and admits it with its place.
    ///
    /// # Panics
    ///
    /// If that fails.
    pub fn admit_by_file(&self, newcomer: &Self, code: &str) {
        let line = string(&self.object(["invite", "--address", "/ip4/127.0.0.1/tcp/9"]), "line");
        let file = newcomer.dir.with_extension("application");
        let _ = newcomer.text(["join", &line, "--out", text(&file)]);
        let _ = self.text(["admit", text(&file), "--place", code]);
    }

    /// Publishes a practice and returns its id.
    ///
    /// # Panics
    ///
    /// If it is refused.
    #[must_use]
    pub fn publish(&self, title: &str) -> String {
        let file = self.dir.with_extension("practice.toml");
        write_practice(&file, title);
        string(&self.object(["publish", text(&file)]), "id")
    }
}
