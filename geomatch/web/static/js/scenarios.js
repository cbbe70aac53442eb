// Scenarios on the what-if page: the one that is open, saving, sharing, and the list of all that are saved.

import { el } from "./dom.js";
import { packed } from "./open_link.js";
import { refusalWords, button, scenarioForm } from "./scenario_form.js";
import { scenarioList } from "./scenario_list.js";
import { keepInAddress } from "./question.js";
import { count, date, say, signed } from "./words.js";

const MOST_COMPARED = 2;

export class Scenarios {
  /**
   * `body` gives the question as it is now and `hasChanges` whether there is anything to save; `onOpen` takes a scenario that was
   * opened and tells whether its changes make sense; `onCompare` two ids, or one and "now".
   */
  constructor(holder, { store, body, hasChanges, onOpen, onCompare }) {
    Object.assign(this, { store, body, hasChanges, onOpen, onCompare, current: null, rows: [], matched: 0, chosen: [], asking: null });
    this.state = el("div", { className: "scenario-state" });
    this.told = el("div", { role: "status" });
    this.list = el("details", { className: "scenario-list" });
    this.list.addEventListener("toggle", () => this.list.open && this.refresh());
    holder.replaceChildren(el("h2", { className: "unseen" }, say("scenarios")), this.state, this.told, this.list);
    this.edited();
    this._drawList();
  }

  /** Open the scenario of the address. */
  async openAt(id) {
    try {
      const scenario = await this.store.open(id);
      this._opened(scenario);
      return scenario;
    } catch (refusal) {
      this._tell(el("p", { className: "problem", role: "alert" }, refusal.status === 404 || refusal.status === 422 ? say("noSuchScenario") : say("notOpened", { reason: refusal.message })));
      keepInAddress({ scenario: null });
      return null;
    }
  }

  /** The changes are others now: say whether they are saved. */
  edited() {
    const { current } = this;
    const isSaved = Boolean(current) && packed(this.body()) === this.savedAs;
    const words = current ? say(isSaved ? "scenarioSaved" : "scenarioEdited", { name: current.name }) : say("scenarioNone");
    const save = button("save", () => this._save(), "button small primary");
    save.disabled = !this.hasChanges() || isSaved;
    const buttons = [save];
    if (current) buttons.push(button("saveAs", () => this._ask({ isNew: true })), button("rename", () => this._ask({ isNew: false })));
    buttons.push(button("shareLink", () => this._share(isSaved)));
    this.state.replaceChildren(el("p", { className: "scenario-title" }, words), ...this._history(), el("div", { className: "row" }, ...buttons));
  }

  /** What the address says of the changes: the scenario, and whether they differ from it. */
  get address() {
    return { scenario: this.current?.id ?? null, isSaved: Boolean(this.current) && packed(this.body()) === this.savedAs };
  }

  async refresh(offset = 0) {
    try {
      const { scenarios, numberMatched } = await this.store.list(offset);
      this.rows = offset ? [...this.rows, ...scenarios] : scenarios;
      this.matched = numberMatched;
      this.isAway = false;
    } catch {
      this.isAway = true;
    }
    this._drawList();
  }

  /** Where the region was built again since: what the figures were. */
  _history() {
    const { current } = this;
    if (!current?.rebuilt) return [];
    const values = { date: date(current.saved.built_at), n: signed(current.saved.delta.covered) };
    return [el("p", { className: "note" }, say("rebuiltFigures", values))];
  }

  _opened(scenario) {
    this.current = scenario;
    this._tell();
    if (!this.onOpen(scenario)) this._tell(el("p", { className: "problem", role: "alert" }, say("scenarioUnread")));
    this._saved(scenario);
  }

  /** What is on the page is what is saved. */
  _saved(scenario) {
    this.current = scenario;
    this.savedAs = packed(this.body());
    keepInAddress({ scenario: scenario.id, open: null });
    this.edited();
    this.refresh();
  }

  async _open(id) {
    const wanted = id ?? this.current.id;
    await this.openAt(wanted);
  }

  _save() {
    if (!this.current) return this._ask({ isNew: true });
    const { name, note } = this.current;
    return this._send({ name, note }, false);
  }

  _ask({ isNew }) {
    const name = this.current ? (isNew ? say("copyOf", { name: this.current.name }) : this.current.name) : "";
    this._tell(scenarioForm({
      title: say(isNew ? "saveAs" : "rename"), name, note: this.current?.note ?? "",
      onSave: (named) => this._send(named, isNew), onCancel: () => this._tell(),
    }));
    this.told.querySelector("input").select();
  }

  async _send({ name, note }, isNew) {
    const draft = { name, note, question: this.body() };
    try {
      const saved = await (isNew ? this.store.save(draft) : this.store.change(this.current.id, this.current.version, draft));
      this._saved(saved);
      this._tell(el("p", { className: "unseen" }, say("scenarioSaved", { name })));
    } catch (refusal) {
      this.told.querySelector("[role=alert]")?.remove();
      this.told.append(refusalWords(refusal, { onOpen: (id) => this._open(id), onSaveAs: () => this._ask({ isNew: true }) }));
    }
  }

  /** Show the link, and copy it where the browser lets us: it does not on a page that came without TLS. */
  _share(isSaved) {
    const address = isSaved ? new URL(this.current.page, window.location.href).href : window.location.href;
    const box = el("input", { readOnly: true, value: address, "aria-label": say("shareLink") });
    const words = el("p", { className: "note" }, say("copyThis"));
    this._tell(el("div", { className: "share" }, words, box));
    box.select();
    navigator.clipboard?.writeText(address).then(() => words.replaceChildren(say("copied")), () => {});
  }

  async _delete(scenario) {
    try {
      await this.store.remove(scenario.id, scenario.version);
      if (this.current?.id === scenario.id) this._forget();
      this._tell(el("p", { className: "note" }, say("deleted", { name: scenario.name })));
    } catch (refusal) {
      if (refusal.status !== 404) this._tell(el("p", { className: "problem", role: "alert" }, refusal.status === 412 ? say("changedNotDeleted") : say("notDeleted", { reason: refusal.message })));
    }
    this.asking = null;
    await this.refresh();
    this.list.querySelector("summary").focus();
  }

  _forget() {
    this.current = null;
    keepInAddress({ scenario: null });
    this.edited();
  }

  _choose(id, on) {
    this.chosen = on ? [...this.chosen, id].slice(-MOST_COMPARED) : this.chosen.filter((one) => one !== id);
    this._drawList();
    this.list.querySelector(`[data-id="${id}"] input`).focus();
  }

  _drawList() {
    this.chosen = this.chosen.filter((id) => this.rows.some((row) => row.id === id));
    const title = this.matched ? say("savedScenarios", { n: count(this.matched) }) : say("scenarios");
    const state = {
      chosen: this.chosen, asking: this.asking, current: this.current?.id, files: this.store,
      onOpen: (id) => this._open(id), onChoose: (id, on) => this._choose(id, on), onCompare: this.onCompare,
      onAsk: (id) => {
        this.asking = id;
        this._drawList();
        this.list.querySelector(id ? `[data-id="${id}"] .problem button` : "summary").focus();
      },
      onDelete: (scenario) => this._delete(scenario), onMore: () => this.refresh(this.rows.length),
    };
    const body = this.isAway ? el("p", { className: "note" }, say("scenariosAway")) : scenarioList(this, state);
    this.list.replaceChildren(el("summary", {}, title), body);
  }

  _tell(...parts) {
    this.told.replaceChildren(...parts);
  }
}
