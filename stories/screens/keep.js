// What is typed stays in this browser until the server says that it is saved: a lost connection loses no word.

const PATIENCE = 6000;
const AGAIN = 2500;

function keeping({ key, say, around, isTyping }) {
  let number = 0;
  let heard = 0;
  let cut = false;
  let timer = 0;

  const read = () => JSON.parse(localStorage.getItem(key) ?? "{}");
  const write = (texts) => {
    try {
      if (Object.keys(texts).length) localStorage.setItem(key, JSON.stringify(texts));
      else localStorage.removeItem(key);
    } catch {
      // this browser keeps nothing; the server still does
    }
  };

  function typed(place, message, before) {
    const texts = read();
    write({ ...texts, [place]: { message, before: texts[place]?.before ?? before } });
    if (cut) around.cut(say.cut);
  }

  function sent(message) {
    number += 1;
    clearTimeout(timer);
    timer = setTimeout(lost, PATIENCE);
    return { ...message, n: number };
  }

  function hear(change) {
    if (change.heard) heard = Math.max(heard, change.heard);
    if (heard >= number) clearTimeout(timer);
    if (change.desk?.saved && heard >= number && !isTyping() && !cut) write({});
  }

  // Nothing answered: say so, and open the page anew once Relato is there; what was typed comes along.
  function lost() {
    if (cut) return;
    cut = true;
    around.cut(say.cut);
    const look = async () => {
      try {
        const answer = await fetch("/healthz", { cache: "no-store" });
        if (answer.ok) { location.reload(); return; }
      } catch {
        // still away
      }
      setTimeout(look, AGAIN);
    };
    setTimeout(look, AGAIN);
  }

  // What was typed and never saved is written again where nobody changed it meanwhile.
  function restore(now, send) {
    const texts = Object.values(read());
    write({});
    const changed = [];
    for (const { message, before } of texts) {
      const current = now(message);
      if (current === message.text) continue;
      if (current === before) send(message);
      else changed.push(message.text);
    }
    if (changed.length) around.tell(say.kept_text, changed);
  }

  return { typed, sent, heard: hear, restore, isCut: () => cut };
}
