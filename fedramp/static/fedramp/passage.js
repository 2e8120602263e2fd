// Marking a passage: what is selected in one of the texts stands in the form. Without it, type.
document.addEventListener("selectionchange", () => {
  const selected = document.getSelection();
  const words = selected.toString().trim();
  const place = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node);
  const text = place(selected.anchorNode)?.closest("[data-markable]");
  if (!words || !text || !text.contains(selected.focusNode)) return;
  document.querySelector("[name=passage]").value = words;
  document.querySelector("[name=text]").value = text.dataset.markable;
});
