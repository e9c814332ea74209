//! `config`: what holds and from where, what is refused, and what is written.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::Desk;

/// Runs a command that must end with `code` under variables of the environment; returns both its outputs.
fn ends(desk: &Desk, variables: &[(&str, &str)], line: &str, code: i32) -> (String, String) {
    let output = desk.command(line).envs(variables.iter().copied()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{line}\n{out}\n{err}");
    (out, err)
}

fn shown(desk: &Desk, variables: &[(&str, &str)], line: &str) -> Value {
    serde_json::from_str(&ends(desk, variables, line, 0).0).unwrap()
}

#[test]
fn each_setting_says_what_holds_and_from_where() {
    let desk = Desk::new();
    desk.write("own.toml", "# ours\nquota-mib = 1\nmdns = false\nrelay = true\n");
    let variables =
        [("MULTAQA_CONFIG", "own.toml"), ("MULTAQA_QUOTA_MIB", "2"), ("MULTAQA_NAMES", "a.ma,b.ma")];
    let at = |line: u32| json!({ "from": "file", "path": "own.toml", "line": line });
    let variable = |name: &str| json!({ "from": "variable", "name": name });

    let answer =
        shown(&desk, &variables, "--json config show --no-upnp --set quota-mib=3 --set deny=10.0.0.0/8");
    assert_eq!(answer["settings"]["quota-mib"], 3);
    assert_eq!(answer["settings"]["names"], json!(["a.ma", "b.ma"]));
    let sources = &answer["sources"];
    for key in ["quota-mib", "upnp", "deny"] {
        assert_eq!(sources[key], json!({ "from": "flag" }), "{key}");
    }
    assert_eq!(sources["names"], variable("MULTAQA_NAMES"));
    assert_eq!((&sources["mdns"], &sources["relay"]), (&at(3), &at(4)));
    assert_eq!(sources["public"], json!({ "from": "default" }));

    let answer = shown(&desk, &variables, "--json config show");
    assert_eq!(
        (&answer["settings"]["quota-mib"], &answer["sources"]["quota-mib"]),
        (&json!(2), &variable("MULTAQA_QUOTA_MIB"))
    );
    let answer = shown(&desk, &variables[..1], "--json config show");
    assert_eq!((&answer["settings"]["quota-mib"], &answer["sources"]["quota-mib"]), (&json!(1), &at(2)));
    let (out, _) = ends(&desk, &variables, "config show", 0);
    assert!(out.contains("quota-mib = 2 (by MULTAQA_QUOTA_MIB)"), "{out}");
    assert!(out.contains("mdns = false (own.toml:3)"), "{out}");
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_what_was_meant() {
    let desk = Desk::new();
    desk.write("own.toml", "mdns = true\nquota_mib = 1\n");
    for (variables, line, code, parts) in [
        (vec![], "--config own.toml config check", 8, vec!["own.toml:2", "Did you mean quota-mib?"]),
        (vec![], "--config own.toml run", 8, vec!["own.toml:2"]),
        (vec![], "--config none.toml config check", 8, vec!["There is no file none.toml"]),
        (vec![("MULTAQA_MDNS", "perhaps")], "config check", 8, vec!["MULTAQA_MDNS", "boolean"]),
        (vec![], "config check --set nammes=a.ma", 8, vec!["--set nammes", "Did you mean names?"]),
        (vec![], "config check --set names", 2, vec!["quota-mib=512"]),
        (vec![], "config set publik 127.0.0.1:1", 8, vec!["Did you mean public?"]),
        (vec![], "config unset publik", 8, vec!["Did you mean public?"]),
        (vec![], "config set mdns perhaps", 8, vec!["mdns", "boolean"]),
    ] {
        let (_, err) = ends(&desk, &variables, &format!("--data a {line}"), code);
        for part in parts {
            assert!(err.contains(part), "{line}: {part}: {err}");
        }
    }
    assert!(!desk.path("a/config.toml").exists(), "what is refused writes nothing");
}

#[test]
fn a_written_setting_leaves_the_rest_of_the_file_as_it_is() {
    let desk = Desk::new();
    desk.write(
        "own.toml",
        "# Why: the library's line is slow\nmdns = false # until May\n\n[quotas-mib]\n# nobody yet\n",
    );
    fs::set_permissions(desk.path("own.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    desk.ends("--config own.toml config set names open.settat.ma", 0);
    desk.ends("--config own.toml config set mdns true", 0);
    desk.ends("--config own.toml config check", 0);
    let text = fs::read_to_string(desk.path("own.toml")).unwrap();
    for kept in [
        "# Why: the library's line is slow",
        "[quotas-mib]\n# nobody yet",
        "names = [\"open.settat.ma\"]",
        "mdns = true",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert_eq!(fs::metadata(desk.path("own.toml")).unwrap().permissions().mode() & 0o777, 0o640);
    desk.ends("--config own.toml config unset names", 0);
    assert!(!fs::read_to_string(desk.path("own.toml")).unwrap().contains("names"));

    let (_, err) = ends(&desk, &[("MULTAQA_RELAY", "false")], "--data a config set relay true", 0);
    assert!(err.contains("MULTAQA_RELAY"), "{err}");
    assert_eq!(fs::read_to_string(desk.path("a/config.toml")).unwrap(), "relay = true\n");
}

#[test]
fn the_template_has_every_setting_with_its_default() {
    let desk = Desk::new();
    for language in ["ar", "fr", "en"] {
        let (template, _) = desk.ends(&format!("--lang {language} config template"), 0);
        desk.write("untouched.toml", &template);
        let untouched = shown(&desk, &[], "--json --config untouched.toml config show");
        // Keys stand at the left, with nothing between them and the mark.
        let said: String = template
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        desk.write("said.toml", &said);
        let answer = shown(&desk, &[], "--json --config said.toml config show");
        assert_eq!(answer["settings"], untouched["settings"], "{language}");
        for (key, source) in answer["sources"].as_object().unwrap() {
            assert_eq!(source["from"], "file", "{language}: {key} is not in the template");
            assert_eq!(untouched["sources"][key]["from"], "default", "{language}: {key}");
        }
    }
}

#[test]
fn a_limit_of_the_environment_holds_for_verbs_on_the_folder_too() {
    let desk = Desk::with_network();
    let quota = |variables: &[(&str, &str)]| shown(&desk, variables, "--json --data a quota").to_string();
    assert!(quota(&[]).contains(&(256_u64 << 20).to_string()), "{}", quota(&[]));
    let raised = quota(&[("MULTAQA_QUOTA_MIB", "512")]);
    assert!(raised.contains(&(512_u64 << 20).to_string()), "{raised}");
}
