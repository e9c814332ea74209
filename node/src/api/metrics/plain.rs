//! The older text format of Prometheus (0.0.4), for whoever does not ask for OpenMetrics: the same samples, with
//! families named and typed as that format has them.

/// Returns OpenMetrics' text, as the library writes it, in the older format.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut help = None;
    for line in text.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("#"), Some("HELP"), Some(name)) => help = Some((name, words.next().unwrap_or_default())),
            (Some("#"), Some("TYPE"), Some(name)) => {
                // There the ending belongs to the family, and a family of information is a gauge.
                let (ending, kind) = match words.next() {
                    Some("counter") => ("_total", "counter"),
                    Some("info") => ("_info", "gauge"),
                    Some("unknown") | None => ("", "untyped"),
                    Some(kind) => ("", kind),
                };
                if let Some((_, text)) = help.take_if(|(named, _)| *named == name) {
                    plain.push_str(&format!("# HELP {name}{ending} {text}\n"));
                }
                plain.push_str(&format!("# TYPE {name}{ending} {kind}\n"));
            }
            (Some("#"), ..) => {}
            _ => {
                plain.push_str(line);
                plain.push('\n');
            }
        }
    }
    plain
}
