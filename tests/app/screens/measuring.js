// What is wrong with each picture of the gallery in this window, as sentences: `measure({name: html})`.
"use strict";
const measure = (stages) => {
  const wrong = [];
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  // Marks without words; the bound of nobody's eyes.
  const silent = ".av, .numeral, .mark, .qr, .resting *";
  // A text that is shown in part on purpose: the beginning of a post, a name of no known length.
  const partly = "q, .name[data-fit='6'], [data-cells='crowd'] .bracket, .runs";

  const channels = (text) => [...text.matchAll(/rgba?\(([^)]+)\)|color\(srgb ([^)]+)\)/g)].map(([, rgb, srgb]) => {
    const numbers = (rgb ?? srgb).split(/[\s,/]+/).map(Number);
    const [r, g, b, alpha = 1] = numbers;
    return { rgb: srgb ? [r, g, b] : [r / 255, g / 255, b / 255], alpha };
  });
  const luminance = ({ rgb }) => {
    const [r, g, b] = rgb.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const grounds = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const found = [...channels(style.backgroundImage), ...channels(style.backgroundColor)].filter((one) => one.alpha > 0.9);
      if (found.length) return found;
    }
    return [];
  };
  const short = (element) => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;

  for (const [name, markup] of Object.entries(stages)) {
    const made = document.createElement("template");
    made.innerHTML = markup;
    document.getElementById("stage").replaceWith(made.content.firstElementChild);
    const stage = document.getElementById("stage");
    const say = (what) => wrong.push(`${name}: ${what}`);
    const whole = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const inside = (box, outer) => box.left >= outer.left - 1 && box.right <= outer.right + 1
      && box.top >= outer.top - 1 && box.bottom <= outer.bottom + 1;

    for (const element of stage.querySelectorAll("*")) {
      if (element.closest("svg")) continue;
      const box = element.getBoundingClientRect(), style = getComputedStyle(element);
      if (!box.width || style.display === "none") continue;
      const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      if (words && !element.matches(silent)) {
        const size = parseFloat(style.fontSize), least = element.closest(".name, .headline, .n") ? 2 : 1.2;
        if (size < least * rem - 0.2) say(`${size} px is too small: ${short(element)}`);
        const ink = channels(style.color)[0];
        for (const ground of grounds(element)) {
          const ratio = contrast(ink, ground);
          if (ratio < 4.5) { say(`contrast ${ratio.toFixed(2)}: ${short(element)}`); break; }
        }
      }
      const range = document.createRange();
      range.selectNodeContents(element);
      if (words && !inside(range.getBoundingClientRect(), whole)) say(`leaves the screen: ${short(element)}`);
      if (element.matches(partly) || element.closest(".qr") || style.display === "inline") continue;
      if (element.scrollWidth > element.clientWidth + 1) say(`too wide: ${short(element)}`);
      // Lines that stand close are a little taller than their box; a line too many is far more.
      const lines = words ? 0.25 * parseFloat(style.fontSize) : 0;
      if (words && element.scrollHeight > element.clientHeight + lines + 1) say(`too tall: ${short(element)}`);
      const parent = element.parentElement;
      if (parent !== stage && style.position !== "absolute" && !inside(box, parent.getBoundingClientRect()) && !element.matches(".whole *"))
        say(`leaves <${parent.localName} class="${parent.className}">: ${short(element)}`);
    }
    // A head never touches the title: its ring is drawn around it.
    const title = stage.querySelector(".title")?.getBoundingClientRect();
    for (const head of title ? stage.querySelectorAll(".podium .av, .firsts .av") : []) {
      if (!head.offsetWidth) continue;
      const free = head.getBoundingClientRect().top - 0.55 * rem - title.bottom;
      if (free < 0.8 * rem) say(`${(free / rem).toFixed(1)} rem between the title and ${short(head)}`);
    }
    // What stands beneath each other does not touch.
    for (const row of [stage, ...stage.querySelectorAll(".picture, .person, .place, .block, .firsts > li, .running > li")]) {
      const parts = [...row.children].filter((one) => one.getBoundingClientRect().height && getComputedStyle(one).position !== "absolute");
      parts.forEach((one, index) => parts.slice(index + 1).forEach((other) => {
        const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top), wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        if (high > 2 && wide > 2) say(`${short(one)} lies on ${short(other)}`);
      }));
    }
    if (matchMedia("(prefers-reduced-motion: reduce)").matches && stage.dataset.what !== "rest") {
      if (document.getAnimations().some((one) => stage.contains(one.effect.target))) say("it moves");
    }
  }
  return wrong;
};
