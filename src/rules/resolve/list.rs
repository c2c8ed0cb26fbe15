//! Lists: members once, spellings unambiguous.

use super::{Kind, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{List, Member};
use crate::text::fold;
use std::collections::HashMap;
use std::sync::Arc;

/// What the schema does not let through.
static NO_ID: String = String::new();

impl Resolver<'_> {
    /// The list of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn list(&mut self, name: &str) -> Option<Arc<List>> {
        if let Some(known) = self.lists.get(name) {
            return known.clone();
        }
        let written = self.file.list.get(name)?;
        let at = pointer("/list", name);
        let cite = self.cite(written.cite.as_ref(), &at, None);
        let mut seen: HashMap<String, String> = HashMap::new();
        let mut members = Vec::new();
        for (index, member) in written.members.iter().enumerate() {
            let here = format!("{at}/members/{index}");
            let member = self.member(member, &here);
            for (spelling, place) in spellings_with_places(&member, written.members.get(index), &here) {
                if fold(spelling).is_empty() {
                    let problem = Diagnostic::at(
                        Code::WrongValue,
                        self.value(&place),
                        format!("list `{name}` has a blank member"),
                    );
                    self.error(problem.help("a missing cell is in no list; write a text or take it out"));
                }
            }
            for (spelling, place) in spellings_with_places(&member, written.members.get(index), &here) {
                if let Some(first) = seen.insert(fold(spelling).into_owned(), place.clone()) {
                    let problem = Diagnostic::at(
                        Code::MemberTwice,
                        self.value(&place),
                        format!("list `{name}` has `{spelling}` twice"),
                    );
                    self.error(
                        problem
                            .label("again here")
                            .other(self.value(&first), "first here")
                            .help("members compare without case and needless blanks; keep one"),
                    );
                }
            }
            if let Some(first) = members.iter().position(|known: &Member| {
                known.beginning.is_some() && member.beginning.is_some() && fold(&known.id) == fold(&member.id)
            }) {
                let place = |index: usize| pointer(&format!("{at}/members/{index}"), "begins");
                let message = format!("list `{name}` has the beginning `{}` twice", member.id);
                let problem = Diagnostic::at(Code::MemberTwice, self.value(&place(index)), message).label("again here");
                let problem = problem.other(self.value(&place(first)), "first here");
                self.error(problem.help("members compare without case and needless blanks; keep one"));
            }
            members.push(member);
        }
        let Some(lists) = self.included(name, written, &at) else {
            self.lists.insert(name.to_owned(), None);
            return None;
        };
        let list = Some(Arc::new(List { name: name.into(), title: written.title.clone(), cite, members, lists }));
        self.lists.insert(name.to_owned(), list.clone());
        list
    }

    /// The lists that a list includes.
    fn included(&mut self, name: &str, written: &model::List, at: &str) -> Option<Vec<Arc<List>>> {
        let included: Vec<Option<Arc<List>>> = written
            .lists
            .iter()
            .enumerate()
            .map(|(index, other)| {
                let here = format!("{}/{index}", pointer(at, "lists"));
                self.guarded(Kind::List, name, &here, |this| {
                    if this.open.contains(&(Kind::List, other.clone())) {
                        return this.guarded(Kind::List, other, &here, |_| None);
                    }
                    this.list_named(other, &here)
                })
            })
            .collect();
        included.into_iter().collect()
    }

    fn member(&mut self, written: &model::Member, at: &str) -> Member {
        match written {
            model::Member::Plain(id) => Member {
                id: id.clone(),
                spellings: vec![id.clone()],
                beginning: None,
                from: None,
                until: None,
                begun_by: None,
                rate: None,
            },
            model::Member::Detailed(detailed) => {
                if let Some(cite) = &detailed.cite {
                    self.cited_source(cite, &pointer(at, "cite"));
                }
                if let (Some(from), Some(until)) = (detailed.from, detailed.until)
                    && until < from
                {
                    let place = self.value(&pointer(at, "until"));
                    let message = format!("the member leaves the list on {}, before it enters it", until.0);
                    self.error(Diagnostic::at(Code::UntilBeforeStart, place, message).help("swap `from` and `until`"));
                }
                let (id, is_beginning) = match (&detailed.id, &detailed.begins) {
                    (None, Some(begins)) => (begins, true),
                    (id, _) => (id.as_ref().unwrap_or(&NO_ID), false),
                };
                let strays = [
                    ("aliases", is_beginning && !detailed.aliases.is_empty()),
                    ("except", !is_beginning && !detailed.except.is_empty()),
                ];
                for (key, _) in strays.into_iter().filter(|(_, is_stray)| *is_stray) {
                    let message = format!("`{key}` says nothing here");
                    let problem = Diagnostic::at(Code::Misfit, self.key(&pointer(at, key)), message);
                    self.error(problem.help("a value has `aliases`, and a beginning `except`"));
                }
                self.excepts(detailed, at);
                let rate = detailed.rate.as_ref().and_then(|rate| self.number(rate, &pointer(at, "rate")));
                let spellings =
                    std::iter::once(id).chain(&detailed.aliases).filter(|_| !is_beginning).cloned().collect();
                Member {
                    id: id.clone(),
                    spellings,
                    beginning: is_beginning.then(|| detailed.except.clone()),
                    from: detailed.from.map(|day| day.0),
                    until: detailed.until.map(|day| day.0),
                    begun_by: detailed.begun_by.map(|day| day.0),
                    rate,
                }
            }
        }
    }

    /// What is excepted begins as it should.
    fn excepts(&mut self, written: &model::DetailedMember, at: &str) {
        let Some(begins) = &written.begins else { return };
        for (index, except) in written.except.iter().enumerate() {
            if !fold(except).starts_with(fold(begins).as_ref()) {
                let place = self.value(&format!("{}/{index}", pointer(at, "except")));
                let problem = Diagnostic::at(Code::Misfit, place, format!("`{except}` does not begin with `{begins}`"));
                self.error(problem.help("take it out, or correct one of the two"));
            }
        }
    }

    /// One spelling must not stand for two different members in two lists.
    pub(super) fn ambiguous_spellings(&mut self) {
        let mut meanings: HashMap<String, (String, String, String)> = HashMap::new();
        for (name, list) in self.file.list.iter() {
            for (index, written) in list.members.iter().enumerate() {
                let here = format!("{}/members/{index}", pointer("/list", name));
                let id = match written {
                    model::Member::Plain(id) => id,
                    model::Member::Detailed(detailed) => {
                        let Some(id) = &detailed.id else { continue };
                        id
                    }
                };
                let aliases: &[String] = match written {
                    model::Member::Plain(_) => &[],
                    model::Member::Detailed(detailed) => &detailed.aliases,
                };
                for spelling in std::iter::once(id).chain(aliases) {
                    let known = meanings
                        .entry(fold(spelling).into_owned())
                        .or_insert_with(|| (id.clone(), here.clone(), name.to_owned()));
                    // Within one list it is a member twice, and was said there.
                    if known.2 != name && fold(&known.0) != fold(id) {
                        let (other, first, _) = known.clone();
                        let problem = Diagnostic::at(
                            Code::MemberTwice,
                            self.document.value(&here),
                            format!("`{spelling}` stands for `{id}` here and for `{other}` elsewhere"),
                        );
                        let problem = problem
                            .other(self.document.value(&first), "elsewhere")
                            .help("a spelling means one member in the whole file");
                        self.failed = Some(self.found.error(problem));
                    }
                }
            }
        }
    }

    /// The list a name refers to; reports a name that nothing defines.
    pub(super) fn list_named(&mut self, name: &str, at: &str) -> Option<Arc<List>> {
        if self.file.list.get(name).is_none() {
            let known = self.names(Kind::List);
            self.unknown(&[Kind::List], name, at, &known);
            return None;
        }
        self.used.insert((Kind::List, name.to_owned()));
        self.list(name)
    }
}

fn spellings_with_places<'m>(member: &'m Member, written: Option<&model::Member>, at: &str) -> Vec<(&'m str, String)> {
    let detailed = matches!(written, Some(model::Member::Detailed(_)));
    member
        .spellings
        .iter()
        .enumerate()
        .map(|(index, spelling)| {
            let place = match (detailed, index.checked_sub(1)) {
                (false, _) => at.to_owned(),
                (true, None) => pointer(at, "id"),
                (true, Some(alias)) => format!("{at}/aliases/{alias}"),
            };
            (spelling.as_str(), place)
        })
        .collect()
}
