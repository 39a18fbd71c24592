// What makes the pages a little smoother. Everything works without it: each part starts from plain HTML.
(() => {
  "use strict";
  document.documentElement.dataset.script = "";
  const all = (selector, root = document) => root.querySelectorAll(selector);

  // Menus are <details>: close them on a click elsewhere and on Escape.
  function closeMenus(except) {
    for (const menu of all("details[data-menu][open]")) if (menu !== except) menu.open = false;
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details[data-menu][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      const field = document.querySelector('[data-shortcut="k"]');
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    }
  });

  // Number fields with - and +.
  function step(button) {
    const field = button.closest("[data-qty]").querySelector("input");
    const before = field.value;
    if (button.dataset.step === "1") field.stepUp(); else field.stepDown();
    if (field.value !== before) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-step]");
    if (button) step(button);
  });
  function readyQty(root) {
    for (const box of all("[data-qty]:not([data-live])", root)) {
      box.dataset.live = "";
      for (const button of all("[data-step]", box)) button.hidden = false;
    }
  }

  // The mix of points and cash: slider and number field show the same; the server says what it comes to (data-mix-*).
  const fields = (box) => [box.querySelector("[data-mix-slide]"), box.querySelector("[data-mix-number]")];
  // A slider's places are numbers of points that can be paid; which ones, it says itself.
  const places = (slide) => slide.dataset.mixSlide.split(" ").map(Number);
  function move(slide, points) {
    const far = places(slide).map((place) => Math.abs(place - points));
    slide.value = far.indexOf(Math.min(...far));
  }
  // Kept on the box: htmx would copy the style of what has an id from an old page to the new, and the policy forbids that.
  const fill = (slide) => slide.closest("[data-mix]").style.setProperty("--at", slide.value / slide.max);
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-mix]");
    if (!box) return;
    const [slide, number] = fields(box);
    if (event.target === slide) number.value = places(slide)[slide.value];
    else if (event.target === number) move(slide, number.value);
    slide.setAttribute("aria-valuetext", number.value); // until the answer says what it comes to
    fill(slide);
  }, true);
  // Enter asks what it comes to; it would otherwise send the whole form.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-mix][hx-post] [data-mix-number]")) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  function settle(box, answer, typing) {
    const [slide, number] = fields(box);
    const { mixPoints, mixAsked, mixWords } = answer.dataset;
    // An answer counts only while what it answers still stands in the field; the page itself answers what it came with.
    if (answer.dataset.mixOffer !== box.dataset.mix || number.value !== (mixAsked ?? number.defaultValue)) return;
    move(slide, mixPoints);
    slide.setAttribute("aria-valuetext", mixWords);
    if (!typing) number.value = mixPoints;
  }
  function readyMix(root) {
    for (const box of all("[data-mix]", root)) {
      const [slide, number] = fields(box);
      if (!("live" in box.dataset)) {
        box.dataset.live = "";
        number.addEventListener("change", () => { for (const answer of all("[data-mix-offer]")) settle(box, answer, false); fill(slide); });
      }
      const answers = all("[data-mix-offer]");
      for (const answer of answers) settle(box, answer, document.activeElement === number);
      if (!answers.length) for (const field of [slide, number]) field.value = field.defaultValue;
      fill(slide);
    }
  }

  // Copy what stands in the element that the button names; without a clipboard the button stays away.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    navigator.clipboard.writeText(source.textContent).then(() => {
      button.querySelector("span").textContent = button.dataset.copied;
    });
  });
  function readyCopy(root) {
    if (navigator.clipboard) for (const button of all("[data-copy][hidden]", root)) button.hidden = false;
  }

  // A select that sends its form as soon as it changes, and the button that it makes needless.
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-autosubmit]")) event.target.form?.requestSubmit();
  });
  function readyAutosubmit(root) {
    for (const field of all("[data-autosubmit]", root)) {
      for (const button of all("[data-without-script]", field.form ?? root)) button.hidden = true;
    }
  }

  // Countdowns: the server's words stay; the seconds are added, and the page is told when the time has come.
  let timer = 0;
  function tick() {
    const now = Date.now();
    let live = 0;
    for (const element of all("[data-countdown]")) {
      const left = Math.round((Date.parse(element.dateTime) - now) / 1000);
      const place = element.querySelector("[data-countdown-left]");
      if (!place || Number.isNaN(left)) continue;
      if (left <= 0) {
        if (!place.hidden) element.dispatchEvent(new CustomEvent("mall:over", { bubbles: true }));
        place.hidden = true;
        continue;
      }
      live += 1;
      const days = Math.floor(left / 86400);
      const clock = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map((n) => String(n).padStart(2, "0"));
      place.textContent = (days ? `${days} · ` : "") + (days || left >= 3600 ? clock : clock.slice(1)).join(":");
      place.hidden = false;
    }
    clearTimeout(timer);
    if (live) timer = setTimeout(tick, 1000 - (Date.now() % 1000));
  }

  // After a refusal, the summary of what is wrong is read first.
  function focusSummary(root) {
    const summary = root.querySelector?.("[data-focus]");
    if (summary) summary.focus();
  }

  // On a phone the account's sections lie in a row that scrolls: start it where the reader is.
  function showCurrentSection(root) {
    const here = root.querySelector?.(".account-nav [aria-current]");
    const row = here?.closest(".account-nav");
    if (!row) return;
    const offset = here.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollLeft += offset - (row.clientWidth - here.offsetWidth) / 2;
  }

  function ready(root) {
    showCurrentSection(root);
    readyQty(root);
    readyMix(root);
    readyAutosubmit(root);
    readyCopy(root);
    focusSummary(root);
    tick();
  }

  // The thin line on top while htmx waits for an answer (after a moment only: most answers are quicker).
  let waiting = 0;
  let show = 0;
  document.addEventListener("htmx:before:request", () => {
    waiting += 1;
    show ||= setTimeout(() => { document.documentElement.dataset.loading = ""; }, 150);
  });
  document.addEventListener("htmx:finally:request", () => {
    waiting = Math.max(0, waiting - 1);
    if (waiting) return;
    clearTimeout(show);
    show = 0;
    delete document.documentElement.dataset.loading;
  });
  document.addEventListener("htmx:after:swap", () => ready(document));
  window.addEventListener("pageshow", () => { closeMenus(); tick(); });

  ready(document);
})();
