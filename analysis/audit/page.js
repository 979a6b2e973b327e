"use strict";
const boxes = [...document.querySelectorAll(".filters input")];
const sections = [...document.querySelectorAll("section")];
function show() {
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let count = 0;
  for (const section of sections) {
    let here = 0;
    for (const row of section.querySelectorAll("tbody tr")) {
      row.hidden = !wanted.has(row.className);
      here += row.hidden ? 0 : 1;
    }
    section.hidden = here === 0;
    count += here;
  }
  document.getElementById("shown").textContent = `${count} claims shown`;
}
for (const box of boxes) box.addEventListener("change", show);
show();
