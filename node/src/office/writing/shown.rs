//! A form as it is shown: sections, in them inputs with their labels, help and faults, in the order of the keyboard.

mod control;

use askama::Template;
use multaqa_protocol::attachment::MAX_FILE;
use serde_json::Value as Json;

pub(super) use self::control::Control;
use super::around::Around;
use crate::api::types::FieldProblem;
use crate::attachment::accepted;
use crate::office::form::{ATTACHMENTS, Field, Input, MAX_ITEMS, Need, Tree, sections};
use crate::ui::page::Page;

impl ControlBlock {
    /// Tells whether more is said of the field than its label.
    fn is_described(&self) -> bool {
        self.help.is_some() || !self.faults.is_empty()
    }
}

/// A form.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) sections: Vec<FormSection>,
    /// What is wrong, in the order of the form.
    pub(super) faults: Vec<Fault>,
    /// Whether it has a place for files.
    pub(super) takes_files: bool,
}

/// Fields under one heading.
#[derive(Debug)]
pub(super) struct FormSection {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) lead: Option<String>,
    /// How many items its lists have, where it has nothing else.
    pub(super) count: Option<String>,
    /// Whether it stands open: what is wrong, where somebody was, and what is filled in but for lists, which are long.
    pub(super) is_open: bool,
    /// Whether it can be closed.
    pub(super) is_essential: bool,
    pub(super) blocks: Vec<Block>,
}

/// Something to fill in.
#[derive(Debug)]
pub(super) enum Block {
    Control(Box<ControlBlock>),
    Group(Box<GroupBlock>),
    List(Box<ListBlock>),
}

/// An input with its label.
#[derive(Debug, Template)]
#[template(path = "office/control.html")]
pub(super) struct ControlBlock {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_wanted: bool,
    pub(super) faults: Vec<String>,
    pub(super) control: Control,
    pub(super) page: Page,
}

/// Fields that belong together.
#[derive(Debug, Template)]
#[template(path = "office/group.html")]
pub(super) struct GroupBlock {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_wanted: bool,
    pub(super) faults: Vec<String>,
    pub(super) blocks: Vec<Block>,
    pub(super) page: Page,
}

/// A list of groups, to which more can be added.
#[derive(Debug, Template)]
#[template(path = "office/list.html")]
pub(super) struct ListBlock {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_wanted: bool,
    pub(super) faults: Vec<String>,
    pub(super) items: Vec<Item>,
    /// What the button says that adds one; none where no more are taken.
    pub(super) add: Option<String>,
    /// Which files can be added, where that is a list of them.
    pub(super) upload: Option<Upload>,
    pub(super) page: Page,
}

/// An input for a file.
#[derive(Debug)]
pub(super) struct Upload {
    /// The types that are taken, as browsers are told.
    pub(super) accept: String,
    /// The largest size, in bytes.
    pub(super) most: u64,
    /// What is taken, in words.
    pub(super) limits: String,
    /// What the script says of a larger one.
    pub(super) too_large: String,
}

/// An item of a list.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) name: String,
    /// What it is, with its number.
    pub(super) title: String,
    /// What is written in it, where that tells it from others.
    pub(super) said: Option<String>,
    pub(super) faults: Vec<String>,
    pub(super) blocks: Vec<Block>,
    /// What may be left out and nobody has filled in, where there are many fields.
    pub(super) more: Vec<Block>,
    /// Of a file: its bytes, and its type and size.
    pub(super) file: Option<(String, String)>,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    pub(super) is_open: bool,
}

/// Something wrong, with the way to it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) href: Option<String>,
    pub(super) label: Option<String>,
    pub(super) text: String,
}

/// What a form is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) page: &'a Page,
    pub(super) kind: &'a str,
    pub(super) tree: &'a Tree,
    pub(super) languages: &'a [String],
    pub(super) around: &'a Around,
    pub(super) problems: &'a [FieldProblem],
    /// The address of the form.
    pub(super) here: &'a str,
    /// The name of the place to come back to.
    pub(super) at: Option<&'a str>,
}

/// Returns the id of the element of a field.
pub(super) fn anchor(name: &str) -> String {
    let joined = name.replace(['.', '[', '_'], "-");
    format!("f-{}", joined.replace(']', ""))
}

/// Returns what a field of a kind is called: in its group, in its kind, or anywhere.
pub(super) fn label(page: &Page, kind: &str, name: &str) -> String {
    find(page, kind, name, "").unwrap_or_else(|| page.plain(name))
}

fn find(page: &Page, kind: &str, name: &str, attribute: &str) -> Option<String> {
    let mut parts = name.rsplit('.').map(|part| part.split('[').next().unwrap_or(part).replace('_', "-"));
    let last = parts.next()?;
    let group = parts.next();
    let ids = [
        group.map(|group| format!("form-{group}-{last}{attribute}")),
        Some(format!("form-{kind}-{last}{attribute}")),
        Some(format!("form-{last}{attribute}")),
    ];
    ids.into_iter().flatten().find_map(|id| page.language.catalogue().find(&id, &[]))
}

impl Form {
    /// Makes a form.
    pub(super) fn new(source: Source<'_>) -> Self {
        let told = vec![false; source.problems.len()];
        let mut builder = Builder { source, faults: Vec::new(), told, takes_files: false };
        let sections =
            sections(source.kind).iter().enumerate().map(|(at, section)| builder.section(at, section));
        let sections = sections.collect();
        let takes_files = builder.takes_files;
        let mut faults = builder.faults;
        // What is in no field of the form still has to be known.
        for (problem, _) in source.problems.iter().zip(&builder.told).filter(|(_, told)| !**told) {
            let label = (!problem.path.is_empty()).then(|| label(source.page, source.kind, &problem.path));
            faults.push(Fault { href: None, label, text: said(source.page, problem) });
        }
        Self { sections, faults, takes_files }
    }
}

/// Returns what is wrong, for people.
fn said(page: &Page, problem: &FieldProblem) -> String {
    let id = format!("form-problem-{}", problem.code.replace('_', "-"));
    let found = page.language.catalogue().find(&id, &[]);
    found.unwrap_or_else(|| page.fill("form-problem-other", "text", &problem.message))
}

struct Builder<'a> {
    source: Source<'a>,
    faults: Vec<Fault>,
    /// Which problems stand beside a field.
    told: Vec<bool>,
    takes_files: bool,
}

impl Builder<'_> {
    fn section(&mut self, at: usize, section: &'static crate::office::form::Section) -> FormSection {
        let Source { page, tree, .. } = self.source;
        let before = self.faults.len();
        let blocks = section.fields.iter().map(|field| self.block(field, tree, "")).collect();
        let is_filled = section.fields.iter().any(|field| tree.contains_key(field.name));
        let is_list = |field: &Field| matches!(field.input, Input::Groups(_)) && field.need != Need::Required;
        let items = section.fields.iter().filter_map(|field| tree.get(field.name)?.as_array());
        let count = section.fields.iter().all(is_list).then(|| items.map(Vec::len).sum::<usize>());
        let is_here = self.source.at.is_some_and(|at| {
            section.fields.iter().any(|field| at.split(['.', '[']).next() == Some(field.name))
        });
        let id = format!("form-section-{}", section.name);
        FormSection {
            anchor: format!("s-{}", section.name),
            title: page.say(&id),
            lead: page.language.catalogue().find(&format!("{id}.help"), &[]),
            is_open: at == 0 || (is_filled && count.is_none()) || is_here || self.faults.len() > before,
            count: count.filter(|count| *count > 0).map(|count| page.number(count as u64)),
            is_essential: at == 0,
            blocks,
        }
    }

    fn block(&mut self, field: &'static Field, tree: &Tree, before: &str) -> Block {
        let name = if before.is_empty() { field.name.to_owned() } else { format!("{before}.{}", field.name) };
        let value = tree.get(field.name);
        match field.input {
            Input::Group(fields) => Block::Group(Box::new(self.group(field, fields, value, &name))),
            Input::Groups(fields) => Block::List(Box::new(self.list(field, fields, value, &name))),
            _ => Block::Control(Box::new(self.control(field, tree, &name))),
        }
    }

    fn control(&mut self, field: &'static Field, tree: &Tree, name: &str) -> ControlBlock {
        let page = self.source.page;
        let control = Control::new(self.source, field, tree, name);
        // A list of boxes and a text in several languages have no input of the name itself.
        let id = anchor(name);
        ControlBlock {
            label: label(page, self.source.kind, name),
            help: find(page, self.source.kind, name, ".help"),
            is_required: field.need == Need::Required,
            is_wanted: field.need == Need::Wanted,
            faults: self.take(name, &control.first_id(&id), Reach::Within),
            id,
            name: name.to_owned(),
            control,
            page: page.clone(),
        }
    }

    fn group(
        &mut self,
        field: &'static Field,
        fields: &'static [Field],
        value: Option<&Json>,
        name: &str,
    ) -> GroupBlock {
        let page = self.source.page;
        let empty = Tree::new();
        let inner = value.and_then(Json::as_object).unwrap_or(&empty);
        let faults = self.take(name, &anchor(name), Reach::Itself);
        GroupBlock {
            id: anchor(name),
            label: label(page, self.source.kind, name),
            help: find(page, self.source.kind, name, ".help"),
            is_required: field.need == Need::Required,
            is_wanted: field.need == Need::Wanted,
            faults,
            blocks: fields.iter().map(|field| self.block(field, inner, name)).collect(),
            page: page.clone(),
        }
    }

    fn list(
        &mut self,
        field: &'static Field,
        fields: &'static [Field],
        value: Option<&Json>,
        name: &str,
    ) -> ListBlock {
        let page = self.source.page;
        let faults = self.take(name, &format!("{}-add", anchor(name)), Reach::Itself);
        let values = value.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let one =
            find(page, self.source.kind, name, ".one").unwrap_or_else(|| label(page, self.source.kind, name));
        let is_files = field.name == ATTACHMENTS;
        // In whole millions, as people are told elsewhere.
        let most = page.size(MAX_FILE - MAX_FILE % 1_000_000);
        self.takes_files |= is_files;
        let items: Vec<Item> = values
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let item = format!("{name}[{at}]");
                let before = self.faults.len();
                let faults = self.take(&item, &anchor(&item), Reach::Itself);
                let empty = Tree::new();
                let inner = value.as_object().unwrap_or(&empty);
                let (blocks, more) = self.blocks(fields, inner, &item);
                let number = page.number(at as u64 + 1);
                Item {
                    id: anchor(&item),
                    title: page.tell("form-item", &[("one", one.as_str().into()), ("number", number.into())]),
                    said: match inner.get("name").and_then(Json::as_str).filter(|_| is_files) {
                        Some(name) => Some(page.plain(name)),
                        None => self.gist(fields, inner),
                    },
                    file: if is_files { self.file(inner) } else { None },
                    faults,
                    blocks,
                    more,
                    is_first: at == 0,
                    is_last: at + 1 == values.len(),
                    // Long lists of large items stand closed but for where somebody is.
                    is_open: fields.len() <= LARGE
                        || values.len() == 1
                        || self.faults.len() > before
                        || self.source.at.is_some_and(|at| at.starts_with(&item)),
                    name: item,
                }
            })
            .collect();
        ListBlock {
            id: anchor(name),
            label: label(page, self.source.kind, name),
            help: find(page, self.source.kind, name, ".help"),
            is_required: field.need == Need::Required,
            is_wanted: field.need == Need::Wanted,
            faults,
            add: (items.len() < MAX_ITEMS && !is_files).then(|| page.fill("form-add", "one", &one)),
            upload: is_files.then(|| Upload {
                accept: accepted(),
                most: MAX_FILE,
                limits: page.fill("form-file-limits", "size", &most),
                too_large: page.fill("form-file-too-large", "size", &most),
            }),
            items,
            name: name.to_owned(),
            page: page.clone(),
        }
    }

    /// Returns the fields of an item; of a large one those apart that may be left out, say nothing, and where nothing is
    /// wrong and nobody was.
    fn blocks(&mut self, fields: &'static [Field], inner: &Tree, item: &str) -> (Vec<Block>, Vec<Block>) {
        let (mut blocks, mut more) = (Vec::new(), Vec::new());
        for field in fields {
            let before = self.faults.len();
            let block = self.block(field, inner, item);
            let is_here = self.source.at.is_some_and(|at| at.starts_with(&format!("{item}.{}", field.name)));
            let is_said = inner.contains_key(field.name) || self.faults.len() > before || is_here;
            match fields.len() <= LARGE || field.need != Need::Optional || is_said {
                true => blocks.push(block),
                false => more.push(block),
            }
        }
        (blocks, more)
    }

    /// Returns the way to the bytes of a file, and what it is.
    fn file(&self, file: &Tree) -> Option<(String, String)> {
        let hash = file.get("hash")?.as_str()?;
        let mime = file.get("mime").and_then(Json::as_str).unwrap_or_default();
        let page = self.source.page;
        let kind = page.file_type(mime).unwrap_or_else(|| page.plain(mime));
        let size = file.get("size").and_then(Json::as_u64).map(|size| page.size(size));
        let what: Vec<String> = [kind].into_iter().chain(size).collect();
        Some((format!("{}/files/{hash}", self.source.here), page.list(&what)))
    }

    /// Returns what is written in an item, in the first of the form's languages.
    fn gist(&self, fields: &[Field], item: &Tree) -> Option<String> {
        let words = fields.iter().find(|field| matches!(field.input, Input::Line | Input::Prose))?;
        let words = item.get(words.name)?.as_object()?;
        let own = self.source.page.language.tag();
        let tags = [own].into_iter().chain(self.source.languages.iter().map(String::as_str));
        let text = tags.filter_map(|tag| words.get(tag)).chain(words.values()).find_map(Json::as_str)?;
        let short: String = text.chars().take(MAX_GIST).collect();
        Some(self.source.page.plain(if short.len() < text.len() { &short } else { text }))
    }

    /// Takes the problems of a field, tells the list at the top of them, and returns what they say.
    fn take(&mut self, name: &str, id: &str, reach: Reach) -> Vec<String> {
        let Source { page, kind, problems, .. } = self.source;
        let mut found = Vec::new();
        for (at, problem) in problems.iter().enumerate() {
            let rest = problem.path.strip_prefix(name);
            let is_here = match reach {
                Reach::Itself => rest == Some(""),
                Reach::Within => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])),
            };
            if is_here && !self.told[at] {
                self.told[at] = true;
                let text = said(page, problem);
                self.faults.push(Fault {
                    href: Some(format!("#{id}")),
                    label: Some(label(page, kind, name)),
                    text: text.clone(),
                });
                found.push(text);
            }
        }
        found
    }
}

/// Which problems stand beside a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Those of its own name.
    Itself,
    /// Also those of what is in it: a language, an item.
    Within,
}

/// Fields of an item from which on it is large.
const LARGE: usize = 8;
/// Characters of a text that tell an item from others.
const MAX_GIST: usize = 60;
