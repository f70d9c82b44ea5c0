// A playlist's slides by dragging, and what a renewed block must not take from who works in it. All of
// it can be done with the buttons, too.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  document.documentElement.classList.add("scripted");
  // What a person unfolded stays so when the block around it is renewed.
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.tagName === "DETAILS");

  const unsaved = () => {
    const mark = byId("unsaved");
    if (mark) mark.hidden = false;
  };
  document.addEventListener("input", ({ target }) => {
    if (target.closest("#slides-form")) unsaved();
  });

  // A new slide is unfolded already: show it and put the keyboard there.
  document.addEventListener("htmx:afterSettle", () => {
    const fresh = document.querySelector("[data-fresh]");
    if (!fresh) return;
    fresh.removeAttribute("data-fresh");
    fresh.scrollIntoView({ block: "center" });
    fresh.querySelector("summary")?.focus({ preventScroll: true });
  });

  // The slide follows the pointer among its neighbours; the form is sent in the order of the page.
  let dragged = null;
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".grip");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    dragged = grip.closest(".slide");
    dragged.classList.add("dragged");
    grip.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", ({ clientY }) => {
    if (!dragged) return;
    const edge = 60;
    if (clientY < edge) scrollBy(0, -12);
    else if (clientY > innerHeight - edge) scrollBy(0, 12);
    const others = [...dragged.parentElement.querySelectorAll(":scope > .slide:not(.dragged)")];
    const behind = others.find((slide) => {
      const { top, height } = slide.getBoundingClientRect();
      return clientY < top + height / 2;
    });
    if (dragged.nextElementSibling !== (behind ?? null)) {
      dragged.parentElement.insertBefore(dragged, behind ?? null);
      unsaved();
    }
  });
  const drop = () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    const slides = [...dragged.parentElement.querySelectorAll(":scope > .slide")];
    byId("moved").textContent = `Now at place ${slides.indexOf(dragged) + 1} of ${slides.length}.`;
    // The first cannot go up, the last cannot go down.
    slides.forEach((slide, at) => {
      const key = slide.id.slice("slide-".length);
      byId(`${key}-up`).ariaDisabled = at === 0 ? "true" : null;
      byId(`${key}-down`).ariaDisabled = at === slides.length - 1 ? "true" : null;
    });
    dragged = null;
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
})();
