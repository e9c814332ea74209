use super::*;

/// Returns the value of a sample line; `None` where there is none.
fn sample(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn figures_say_what_the_node_holds_and_name_nobody() {
    let desk = Desk::founder().await;
    let before = String::from_utf8(desk.bytes("/metrics").await).unwrap();
    let id = desk.publish("Atelier", "transparency").await;
    let response = desk.public.clone().oneshot(Request::get("/metrics").body(Body::empty()).unwrap());
    let response = response.await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();

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
