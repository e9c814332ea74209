//! What a body says, for people: its fields by their names in files, so that a clerk finds them again,
//! and codes by what they are called.

use std::collections::BTreeMap;

use multaqa_node::vocabulary;
use multaqa_protocol::record::{ADOPTION, PROGRESS, PROPOSAL};
use serde_json::{Map, Value};

use crate::context::Context;

/// What records are called that a body points at, by id.
pub(super) type Named = BTreeMap<String, String>;

/// Shows the fields of a record of `kind`.
pub(super) fn fields_of(kind: &str, fields: &Value, named: &Named, context: &Context) {
    let tag = context.catalogue.language().tag();
    for line in (Writer { kind, named, tag }).lines(fields) {
        context.out.line(line);
    }
}

struct Writer<'a> {
    kind: &'a str,
    named: &'a Named,
    tag: &'static str,
}

impl Writer<'_> {
    fn lines(&self, fields: &Value) -> Vec<String> {
        let mut lines = Vec::new();
        self.write(fields, "", 0, &mut lines);
        lines
    }

    /// Writes a value that stands in `field`.
    fn write(&self, value: &Value, field: &str, depth: usize, lines: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    match self.short(value, name) {
                        Some(short) => lines.push(format!("{indent}{name}: {short}")),
                        None => {
                            lines.push(format!("{indent}{name}:"));
                            self.write(value, name, depth + 1, lines);
                        }
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    match self.short(item, field) {
                        Some(short) => lines.push(format!("{indent}- {short}")),
                        None => {
                            lines.push(format!("{indent}-"));
                            self.write(item, field, depth + 1, lines);
                        }
                    }
                }
            }
            value => lines.extend(self.short(value, field).map(|short| format!("{indent}{short}"))),
        }
    }

    /// Returns a value that fits on a line: a scalar, or a reference.
    fn short(&self, value: &Value, field: &str) -> Option<String> {
        match value {
            Value::Object(map) => self.reference(map),
            Value::Array(_) => None,
            Value::String(text) => Some(self.labelled(text, field)),
            value => Some(self.labelled(&value.to_string(), field)),
        }
    }

    fn reference(&self, map: &Map<String, Value>) -> Option<String> {
        let id = map.get("id").and_then(Value::as_str)?;
        if map.len() != 3 || !map.contains_key("author") || !map.contains_key("seq") {
            return None;
        }
        Some(self.named.get(id).map_or_else(|| id.to_owned(), |name| format!("{id} ({name})")))
    }

    /// Returns a code with what it is called, anything else as it is.
    fn labelled(&self, text: &str, field: &str) -> String {
        let label = self.vocabulary(field).map_or(text, |name| vocabulary::label(name, text, self.tag));
        if label == text { text.to_owned() } else { format!("{label} ({text})") }
    }

    /// Returns the vocabulary of which codes stand in a field.
    fn vocabulary(&self, field: &str) -> Option<&'static str> {
        Some(match (self.kind, field) {
            (_, "principles") => "principle",
            (_, "outcomes") => "outcome",
            (_, "ogp_values") => "ogp_value",
            (_, "themes") => "policy_area",
            (_, "sdgs") => "goal",
            (_, "stage") => "stage",
            (_, "programme" | "framework") => "framework",
            (_, "level") => "level",
            (_, "role") => "role",
            (_, "completion") => "completion",
            (_, "early_results" | "result") => "early_result",
            (_, "ambition") => "ambition",
            (_, "verifiable" | "relevant") => "answer",
            (_, "capacity") => "capacity",
            (_, "confidence") => "confidence",
            (PROGRESS, "status") => "milestone_status",
            (_, "status") => "status",
            (PROPOSAL, "state") => "proposal_state",
            (ADOPTION, "state") => "adoption_state",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(kind: &str, tag: &'static str, fields: &Value) -> Vec<String> {
        let named = [("cd".repeat(32), "Portail".to_owned())].into();
        Writer { kind, named: &named, tag }.lines(fields)
    }

    #[test]
    fn codes_have_their_names_and_unknown_ones_stand_for_themselves() {
        let fields = json!({ "state": "adopted", "adaptation": { "fr": "Plus petit" } });
        assert_eq!(
            lines("adoption", "fr", &fields),
            ["adaptation:", "  fr: Plus petit", "state: repris (adopted)"]
        );
        let fields = json!({ "milestones": [{ "milestone": "m1", "status": "complete" }] });
        let expected = ["milestones:", "  -", "    milestone: m1", "    status: منجز (complete)"];
        assert_eq!(lines("progress", "ar", &fields), expected);
        assert_eq!(lines("adoption", "ar", &json!({ "state": "ma.later" })), ["state: ma.later"]);
        assert_eq!(
            lines("plan", "en", &json!({ "sdgs": [16] }))[1],
            "  - peace, justice and strong institutions (16)"
        );
    }

    #[test]
    fn references_have_the_names_of_what_they_point_at() {
        let target = |id: &str| json!({ "author": "ab".repeat(32), "seq": 1, "id": id.repeat(32) });
        let fields = json!({ "practices": [target("cd"), target("ef")], "to": target("cd") });
        let expected = [
            "practices:".to_owned(),
            format!("  - {} (Portail)", "cd".repeat(32)),
            format!("  - {}", "ef".repeat(32)),
            format!("to: {} (Portail)", "cd".repeat(32)),
        ];
        assert_eq!(lines("reply", "fr", &fields), expected);
    }
}
