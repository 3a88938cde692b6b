// Markup in messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isOnlyEmoji, oneLine, pieces } from "../script/text/markup.js";

const kinds = (content) => pieces(content).map(({ kind, text }) => `${kind}:${text}`);

test("plain text stays plain, whatever it looks like", () => {
  for (const text of ["hello", "<b>bold</b>", "a * b * c", "snake_case_name", "1*2*3", "javascript:alert(1)", "a@b.example", "** no **", ""]) {
    assert.deepEqual(kinds(text), text ? [`text:${text}`] : [], text);
  }
});

test("links lead to where they say, without what ends the sentence", () => {
  assert.deepEqual(kinds("See https://example.org/a?b=c#d, or (http://x.org/y)."), ["text:See ", "link:https://example.org/a?b=c#d", "text:, or (", "link:http://x.org/y", "text:)."]);
  assert.equal(pieces("https://example.org").find(({ kind }) => kind === "link").href, "https://example.org");
});

test("emphasis, code and mentions", () => {
  assert.deepEqual(kinds("**bold** and *italic* and _this_ `co*de*`"), ["bold:bold", "text: and ", "italic:italic", "text: and ", "italic:this", "text: ", "code:co*de*"]);
  assert.deepEqual(kinds("```js\nlet a;\n```\nthen @ana.b."), ["block:let a;", "text:\nthen ", "mention:@ana.b", "text:."]);
});

test("a message in one line", () => {
  assert.equal(oneLine("**One**\n\ntwo `three`"), "One two three");
});

test("nothing but a few emojis", () => {
  for (const text of ["🎉", "👍👍", "❤️", "👩‍🚀"]) assert.equal(isOnlyEmoji(text), true, text);
  for (const text of ["12", "#", "ok 🎉", ""]) assert.equal(isOnlyEmoji(text), false, text);
});

test("a very long text takes no very long time", () => {
  const begun = Date.now();
  for (const text of ["*".repeat(8_000), "`".repeat(8_000), "https://".repeat(1_000), "@".repeat(8_000), "**a ".repeat(2_000), "```".repeat(2_600)]) pieces(text);
  assert(Date.now() - begun < 2_000);
});
