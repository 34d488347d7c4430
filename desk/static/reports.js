// Shows how far the counting for a paper is, and the paper once it is there. Without it there is a link to look again.

const part = document.querySelector("[data-progress]");
const AGAIN_AFTER_MS = 700;
const PATIENCE = 400;

async function look(times) {
  const answer = await fetch(part.dataset.progress, { headers: { accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const { klaar: ready, procent: percent } = await answer.json();
  if (ready) {
    location.reload();
    return;
  }
  part.querySelector("progress").value = percent;
  const told = part.querySelector("[data-percent]");
  if (told.textContent !== `${percent}%`) told.textContent = `${percent}%`;
  if (times < PATIENCE) setTimeout(() => look(times + 1).catch(() => {}), AGAIN_AFTER_MS);
}

if (part) look(0).catch(() => {});
