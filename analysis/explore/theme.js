"use strict";
// before anything is drawn: the theme that was chosen last
try {
  const chosen = localStorage.getItem("study-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* a page from a file may have no storage */ }
document.documentElement.classList.add("scripted");
