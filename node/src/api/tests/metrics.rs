use super::*;

/// Returns the value of a sample line; `None` where there is none.
fn sample(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

const TEXT: &str = "application/openmetrics-text";

/// Returns the type and the text of the figures as a program is told them that accepts `accepted`.
async fn figures(desk: &Desk, accepted: &str) -> (String, String) {
    let request = Request::get("/metrics").header(header::ACCEPT, accepted).body(Body::empty()).unwrap();
    let response = desk.public.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    (kind, String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn the_older_format_has_the_same_samples() {
    let desk = Desk::founder().await;
    let (kind, old) = figures(&desk, "text/plain").await;
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let (_, text) = figures(&desk, TEXT).await;
    let names = |text: &str| -> Vec<String> {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        samples.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&old), names(&text));
    assert!(old.contains("# TYPE multaqa_comparisons_total counter\nmultaqa_comparisons_total 0\n"), "{old}");
    assert!(old.contains("# TYPE multaqa_build_info gauge\n"), "{old}");
    assert!(!old.contains("# EOF") && !old.contains("# UNIT"), "{old}");
}

#[tokio::test]
async fn a_node_lives_and_is_ready_once_its_index_has_taken_up_what_it_holds() {
    let desk = Desk::founder().await;
    desk.publish("Atelier", "transparency").await;
    Api::new(desk.node.clone()).ready().await;
    for path in ["/healthz", "/readyz"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(desk.public.clone().oneshot(request).await.unwrap().status(), StatusCode::OK, "{path}");
    }
    let node = desk.node.clone();
    node.shutdown().await;
    let asked = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = desk.public.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (status, to_bytes(response.into_body(), usize::MAX).await.unwrap())
    };
    assert_eq!(asked("/healthz").await.0, StatusCode::SERVICE_UNAVAILABLE);
    let (status, body) = asked("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["code"], "not-ready", "{body}");
    assert!(body["detail"].as_str().unwrap().contains("stopping"), "{body}");
}

#[tokio::test]
async fn figures_say_what_the_node_holds_and_name_nobody() {
    let desk = Desk::founder().await;
    let (_, before) = figures(&desk, TEXT).await;
    let id = desk.publish("Atelier", "transparency").await;
    let (kind, text) = figures(&desk, TEXT).await;
    assert!(kind.starts_with(TEXT), "{kind}");

    let status: NodeStatus = desk.get("/status").await;
    assert_eq!(sample(&text, "multaqa_store_entries"), Some(status.store.entries));
    assert_eq!(sample(&text, "multaqa_store_bytes"), Some(status.store.bytes));
    assert_eq!(sample(&text, "multaqa_members"), Some(1));
    assert_eq!(sample(&text, "multaqa_writable"), Some(1));
    assert_eq!(sample(&text, "multaqa_quarantined"), Some(0));
    let entries = |text: &str| sample(text, "multaqa_store_entries").unwrap();
    assert_eq!(entries(&text), entries(&before) + 1);
    assert!(text.ends_with("# EOF\n"), "{text}");
    for name in [id.to_string(), desk.author.to_string()] {
        assert!(!text.contains(&name[..8]), "{text}");
    }
    // Every figure is described once, before its samples.
    let described: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# HELP ")).collect();
    let names: std::collections::BTreeSet<&str> =
        described.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names.len(), described.len());
}
