//! A tree that opens and folds; its rows are those of a list.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::list::{Cell, Column, List, Row};
use crate::tui::command::Command;
use crate::tui::screen::View;

/// One branch or leaf that can be seen.
#[derive(Clone, Debug)]
pub struct Node<K> {
    /// What it stands for.
    pub key: K,
    /// How deep it stands; 0 at the top.
    pub depth: u16,
    /// Open, folded, or without children.
    pub open: Option<bool>,
    /// Its cells; the first one is indented.
    pub cells: Vec<Cell>,
}

/// Puts children under the node they belong to, which is open then; those of none are the roots.
pub fn hang<K: PartialEq>(nodes: &mut Vec<Node<K>>, above: Option<K>, children: Vec<Node<K>>) {
    let Some(above) = above else {
        *nodes = children;
        return;
    };
    let place = nodes.iter().position(|node| node.key == above);
    let Some((at, node)) = place.and_then(|at| Some((at, nodes.get_mut(at)?))) else {
        return;
    };
    if children.is_empty() {
        return;
    }
    node.open = Some(true);
    let depth = node.depth + 1;
    let children = children.into_iter().map(|child| Node { depth, ..child });
    nodes.splice(at + 1..at + 1, children);
}

/// The nodes that can be seen, in order.
#[derive(Clone, Debug)]
pub struct Tree<K> {
    nodes: Vec<Node<K>>,
    list: List<K>,
}

impl<K: Clone + PartialEq> Tree<K> {
    /// An empty tree with these columns.
    pub fn new(columns: Vec<Column>) -> Tree<K> {
        Tree {
            nodes: Vec::new(),
            list: List::new(columns),
        }
    }

    /// Other nodes, all that can be seen, in order; the selected one stays by its key.
    pub fn set_roots(&mut self, nodes: Vec<Node<K>>, v: &View) {
        self.nodes = nodes;
        self.rebuild(v);
    }

    /// Puts the children of a node that was folded under it; their depth is set here.
    pub fn unfold(&mut self, key: &K, children: Vec<Node<K>>, v: &View) {
        let Some(at) = self.nodes.iter().position(|node| node.key == *key) else {
            return;
        };
        self.fold(key, v);
        if let Some(node) = self.nodes.get_mut(at) {
            node.open = Some(true);
            let depth = node.depth + 1;
            let children = children.into_iter().map(|child| Node { depth, ..child });
            self.nodes.splice(at + 1..at + 1, children);
        }
        self.rebuild(v);
    }

    /// Folds a node; what stood under it is forgotten.
    pub fn fold(&mut self, key: &K, v: &View) {
        let Some(at) = self.nodes.iter().position(|node| node.key == *key) else {
            return;
        };
        let Some(depth) = self.nodes.get(at).map(|node| node.depth) else {
            return;
        };
        let under = self
            .nodes
            .iter()
            .skip(at + 1)
            .take_while(|node| node.depth > depth)
            .count();
        self.nodes.drain(at + 1..at + 1 + under);
        if let Some(node) = self.nodes.get_mut(at)
            && node.open.is_some()
        {
            node.open = Some(false);
        }
        self.rebuild(v);
    }

    /// The selected node.
    pub fn node(&self) -> Option<&Node<K>> {
        self.nodes.get(self.list.place())
    }

    /// The node above the selected one, one step nearer to the top.
    pub fn parent(&self) -> Option<&Node<K>> {
        let depth = self.node()?.depth;
        self.nodes
            .iter()
            .take(self.list.place())
            .rev()
            .find(|node| node.depth < depth)
    }

    /// All nodes that can be seen.
    pub fn nodes(&self) -> &[Node<K>] {
        &self.nodes
    }

    /// Selects a node that can be seen; says whether it can.
    pub fn select(&mut self, key: &K) -> bool {
        self.list.select(key)
    }

    /// Moves; `false` when the command is none of a list's.
    pub fn command(&mut self, c: Command) -> bool {
        self.list.command(c)
    }

    fn rebuild(&mut self, v: &View) {
        let rows = self.nodes.iter().map(|node| {
            let mut cells = node.cells.clone();
            if let Some(first) = cells.first_mut() {
                let indent = " ".repeat(usize::from(node.depth) * 2);
                first.text = format!("{indent}{} {}", v.theme.fold(node.open), first.text);
            }
            Row {
                key: node.key.clone(),
                cells,
            }
        });
        let rows = rows.collect();
        self.list.set_rows(rows);
    }

    /// Draws the tree.
    pub fn view(&mut self, f: &mut Frame, area: Rect, v: &View, active: bool) {
        self.list.view(f, area, v, active);
    }
}
