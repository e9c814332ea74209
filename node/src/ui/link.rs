//! Addresses: those of pages with their parameters, and those that records name.

use url::{Url, form_urlencoded};

/// Returns a query of these parameters.
pub(crate) fn query(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// Returns an address that a record names, where a reader may follow it: a page on the web, and not, say,
/// a script.
pub(crate) fn outside(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_page.then(|| url.into())
}
