/* Small conveniences. Every page works without this file. ES2018. */
(function () {
  "use strict";
  var doc = document;

  /* A form sent twice by a double click: the operation key makes it act once; this only stops the
   * second request. */
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent && form.method === "post") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.addEventListener("pageshow", function () { delete form.dataset.sent; }, { once: true });
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  /* "/" goes to the search field, unless somebody is typing. */
  doc.addEventListener("keydown", function (event) {
    var at = doc.activeElement;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName))) {
      return;
    }
    var field = doc.querySelector("input[type=search]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  });

  /* Of a lot's ways to draw only the chosen one's numbers are shown; without JavaScript all are. */
  function showMode(select) {
    select.closest("[data-modes]").querySelectorAll("[data-for]").forEach(function (part) {
      part.hidden = part.dataset.for !== select.value;
    });
  }
  doc.addEventListener("change", function (event) {
    if (event.target.matches("[data-mode]")) {
      showMode(event.target);
    }
  });
  doc.addEventListener("DOMContentLoaded", function () { doc.querySelectorAll("[data-mode]").forEach(showMode); });

  /* Copy a hash. The button is made here: without JavaScript there is nothing to press. */
  function addCopy(root) {
    root.querySelectorAll("[data-copy]:not([data-copy-ready])").forEach(function (box) {
      if (!navigator.clipboard) {
        return;
      }
      box.dataset.copyReady = "1";
      var button = doc.createElement("button");
      button.type = "button";
      button.className = "link-button small no-print";
      button.textContent = box.dataset.copy;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(box.querySelector(".hash, .hash-big").textContent.trim()).then(function () {
          button.textContent = box.dataset.copied;
        });
      });
      box.appendChild(button);
    });
  }

  doc.addEventListener("DOMContentLoaded", function () { addCopy(doc); });
  doc.addEventListener("htmx:load", function (event) { addCopy(event.target); });
  /* A refused request still has something to say: show its page. */
  doc.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 600 && event.detail.xhr.response) {
      event.detail.shouldSwap = true;
    }
  });
})();
