/* The button "verify in this browser": starts the worker and shows what it says. ES2018. */
(function () {
  "use strict";
  var NAMES = ["plan.txt", "population.tsv", "leaves.tsv", "roster.tsv", "recusal.tsv", "freeze.txt", "reveals.txt", "seed.txt",
    "lots.tsv", "result.tsv", "assign.tsv", "prices.tsv", "head.txt"];
  var box = document.getElementById("verify");
  if (!box || !window.Worker) {
    return;
  }
  var start = box.querySelector("[data-start]"), out = box.querySelector("[data-out]");
  var said = box.querySelector("[data-said]"), bar = box.querySelector("progress"), step = box.querySelector("[data-step]");
  start.hidden = false;

  function show(cls, text, lines, code) {
    var strong = document.createElement("strong");
    said.className = "note " + cls;
    said.textContent = "";
    strong.textContent = text;
    said.appendChild(strong);
    lines.forEach(function (line) {
      var p = document.createElement("p");
      p.className = code ? "hash" : "";
      p.textContent = line;
      said.appendChild(p);
    });
  }

  function fill(text, values) {
    return text.replace(/\[([a-z]+)\]/g, function (all, name) {
      return name in values ? values[name].toLocaleString(document.documentElement.lang) : all;
    });
  }

  function told(found, seconds) {
    var lines = [fill(said.dataset.found, { entities: found.entities, visits: found.visits, seconds: seconds })];
    return found.sealed ? lines.concat(fill(said.dataset.sealed, found)) : lines;
  }

  start.addEventListener("click", function () {
    var worker = new Worker(box.dataset.verify), began = Date.now();
    start.disabled = true;
    out.hidden = false;
    said.className = "";
    said.textContent = "";
    worker.onmessage = function (event) {
      var m = event.data;
      if (m.kind === "load" || m.kind === "step") {
        step.textContent = (m.kind === "load" ? said.dataset.load : said.dataset.busy) + ": " + m.step;
        bar.value = m.of ? Math.round(1000 * m.done / m.of) : 0;
        return;
      }
      bar.value = 1000;
      step.textContent = "";
      if (m.kind === "good") {
        show("good", said.dataset.good, told(m.found, Math.round((Date.now() - began) / 100) / 10), false);
      } else {
        show("bad", said.dataset.bad, [m.why], true);
      }
      start.disabled = false;
      worker.terminate();
    };
    worker.onerror = function (event) {
      show("bad", said.dataset.bad, [event.message || "worker"], true);
      start.disabled = false;
    };
    worker.postMessage({ digests: box.dataset.digests, core: box.dataset.core, files: new URL(box.dataset.files, location.href).href, names: NAMES });
  });
})();
