"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = id => document.getElementById(id);
  const el = (tag, cls, text) => {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const put = (parent, ...children) => (parent.append(...children), parent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const percent = p => p == null ? "–" : (100 * p).toFixed(1) + " %";
  const short = x => x == null ? "–" : x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e5) ? x.toExponential(2) : String(+x.toPrecision(4));
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // Epochs are whole: the multiples of 1, 2, 5, 10, … of which at most so many fit.
  function epochTicks(min, max, most) {
    let step = 1;
    for (let k = 1; (max - min) / step > most; k++) step = [1, 2, 5][k % 3] * 10 ** Math.floor(k / 3);
    const first = Math.ceil(min / step);
    return Array.from({ length: Math.max(0, Math.floor(max / step) - first + 1) }, (_, i) => (first + i) * step);
  }

  // The coarsest parts of a decade that give a logarithmic axis three ticks.
  const TENTHS = Array.from({ length: 90 }, (_, i) => 1 + i / 10);
  const PARTS = [[1], [1, 2, 5], [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9], TENTHS];
  function logTicks(min, max) {
    const first = Math.floor(Math.log10(min)), count = Math.ceil(Math.log10(max)) - first + 1;
    let ticks = [];
    for (const parts of PARTS) {
      ticks = Array.from({ length: count }, (_, k) => parts.map(m => +(m * 10 ** (first + k)).toPrecision(3))).flat().filter(v => v >= min && v <= max);
      if (ticks.length >= 3) break;
    }
    const step = Math.ceil(ticks.length / 12);
    return ticks.filter((_, i) => i % step === 0);
  }

  // A line chart with a legend that follows the pointer and rests on the last epoch. Dragging enlarges a stretch of
  // epochs, a double click shows all of them again.
  function chart(figure, title, lines, options) {
    const last = data.epochs.length - 1, canvas = el("canvas"), legend = el("div", "legend"), epoch = el("b");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title + ": " + lines.map(l => l.label + " ends at " + options.show(l.values.findLast(v => v != null))).join(", "));
    const values = lines.map(() => el("b"));
    const read = index => {
      epoch.textContent = data.epochs[index];
      lines.forEach((l, i) => values[i].textContent = options.show(l.values[index]));
    };
    put(legend, put(el("span"), "epoch ", epoch), ...lines.map((l, i) => {
      const key = el("button");
      key.style.setProperty("--c", `var(--s${i % 8})`);
      key.type = "button";
      key.ariaPressed = "true";
      key.addEventListener("click", () => {
        const on = !plot.isDatasetVisible(i);
        plot.setDatasetVisibility(i, on);
        key.ariaPressed = String(on);
        plot.update();
      });
      return put(key, l.label + " ", values[i]);
    }));
    put(figure, el("h3", "", title), put(el("div", "plot" + (options.log ? " tall" : "")), canvas), legend);

    let drag = null;
    const enlarge = (min, max) => {
      Object.assign(plot.options.scales.x, { min, max });
      plot.data.datasets.forEach(d => d.clip = min === undefined ? 6 : 0);
      plot.update();
    };
    const pointer = {
      id: "pointer",
      afterEvent(u, args) {
        if (args.replay) return;
        const { type, x, native } = args.event, active = type === "mouseout" ? [] : u.getActiveElements();
        read(active.length ? active[0].index : last);
        if (native?.type === "mousedown" && args.inChartArea) drag = { from: x, to: x };
        else if (drag && type === "mousemove") drag.to = x;
        else if (drag && (type === "mouseup" || type === "mouseout")) {
          const ends = [drag.from, type === "mouseup" ? x : drag.to].sort((a, b) => a - b);
          drag = null;
          if (ends[1] - ends[0] > 8) enlarge(...ends.map(e => u.scales.x.getValueForPixel(e)));
        } else if (type === "dblclick") enlarge(undefined, undefined);
        args.changed = true;
      },
      beforeDatasetsDraw(u) {
        const { ctx, chartArea: { top, bottom } } = u, active = u.getActiveElements();
        ctx.save();
        if (drag) {
          ctx.fillStyle = `rgba(${css("--accent")}, .14)`;
          ctx.fillRect(drag.from, top, drag.to - drag.from, bottom - top);
        }
        if (active.length) {
          ctx.strokeStyle = css("--soft");
          ctx.setLineDash([3, 3]);
          ctx.beginPath();
          ctx.moveTo(active[0].element.x, top);
          ctx.lineTo(active[0].element.x, bottom);
          ctx.stroke();
        }
        ctx.restore();
      }
    };
    const tick = value => ({ value });
    const y = {
      type: options.log ? "logarithmic" : "linear", grid: {}, border: {},
      ticks: { autoSkip: !options.log, maxTicksLimit: 7, callback: v => options.show(v) },
      afterFit: scale => { scale.width = 62; },
      afterBuildTicks(scale) {
        if (options.log) scale.ticks = logTicks(scale.min, scale.max).map(tick);
        if (options.most) {
          scale.max = Math.min(scale.max, 1.01 * options.most);
          scale.ticks = scale.ticks.filter(t => t.value <= options.most);
        }
      }
    };
    const x = {
      type: "linear", bounds: "data", title: { display: true, text: "epoch" }, grid: {}, border: {},
      ticks: { autoSkip: false, maxRotation: 0, callback: String },
      afterBuildTicks: scale => { scale.ticks = epochTicks(scale.min, scale.max, scale.chart.width / 50).map(tick); }
    };
    const plot = new Chart(canvas, {
      type: "line",
      data: { datasets: lines.map((l, i) => ({
        data: l.values.map((v, k) => ({ x: data.epochs[k], y: v })),
        showLine: !l.dots, spanGaps: true, borderWidth: 2, borderDash: i < 8 ? [] : [6, 4], borderJoinStyle: "round",
        pointRadius: l.dots || l.values.length < 2 ? 4.5 : 0, pointHoverRadius: 4.5, pointBorderWidth: 0, pointHoverBorderWidth: 0, clip: 6 })) },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
        events: ["mousemove", "mouseout", "mousedown", "mouseup", "dblclick", "touchstart", "touchmove"],
        interaction: { mode: "index", intersect: false },
        font: { family: "system-ui, sans-serif", size: 12 },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: { x, y }
      },
      plugins: [pointer]
    });
    const colour = () => {
      const soft = css("--soft"), grid = css("--grid");
      Object.values(plot.options.scales).forEach(s => {
        s.grid.color = grid;
        s.border.color = grid;
        s.ticks.color = soft;
        s.title.color = soft;
      });
      plot.data.datasets.forEach((d, i) => d.borderColor = d.backgroundColor = d.pointHoverBackgroundColor = css("--s" + i % 8));
      plot.update();
    };
    colour();
    dark.addEventListener("change", colour);
    read(last);
  }

  const rgb = name => { const c = document.createElement("canvas").getContext("2d"); c.fillStyle = css(name); c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);
  const NEGATIVE = [37, 99, 235], POSITIVE = [220, 68, 20];
  // Weights come in hundredths of the largest. Blue below zero, red above, the page's own colour at zero.
  const diverging = (v, max) => mix(rgb0.zero, v < 0 ? NEGATIVE : POSITIVE, Math.min(1, Math.abs(v) / (max || 1)));
  const rgb0 = {};
  const painters = [];
  const paint = f => { painters.push(f); f(); };
  const colours = () => { rgb0.zero = rgb("--zero"); rgb0.series = [...Array(8).keys()].map(i => rgb("--s" + i)); };
  colours();
  dark.addEventListener("change", () => { colours(); painters.forEach(f => f()); });

  function raster(width, height, colour, label) {
    const canvas = el("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    canvas.title = label;
    paint(() => {
      const context = canvas.getContext("2d"), image = context.createImageData(width, height);
      for (let i = 0; i < width * height; i++) image.data.set([...colour(i), 255], 4 * i);
      context.putImageData(image, 0, 0);
    });
    return canvas;
  }

  function scale(max) {
    const row = el("div", "scale");
    return put(row, el("span", "", "−" + short(max)), raster(180, 1, i => diverging((i - 90) / 90, 1), "colour scale"), el("span", "", "+" + short(max)));
  }

  function table(header, rows, cls) {
    const t = el("table", cls || "plain"), head = el("tr");
    header.forEach(h => { const th = el("th", h.n ? "n" : "", h.n || h); th.scope = "col"; head.append(th); });
    put(t, put(el("thead"), head));
    const body = el("tbody");
    rows.forEach(r => { const tr = el("tr"); r.forEach(c => tr.append(c instanceof Node ? c : el("td", typeof c === "number" ? "n" : "", typeof c === "number" ? short(c) : c))); body.append(tr); });
    return put(t, body);
  }

  at("title").textContent = data.title;
  at("subtitle").textContent = data.subtitle;
  data.figures.forEach((f, i) => put(at("figures"), put(el("div", "figure" + (i === 0 ? " main" : "")), el("span", "", f.label), el("b", "", f.value), el("span", "", f.note || "\u00a0"))));

  // The test figure is a dot after the last epoch's training figure.
  const atEnd = v => data.epochs.map((_, i) => i === data.epochs.length - 1 ? v : null);
  const curve = (train, validation, test) => [{ label: "training", values: train }]
    .concat(validation ? [{ label: "validation", values: validation }] : [])
    .concat(test == null ? [] : [{ label: "test", values: atEnd(test), dots: true }]);
  if (data.epochs.length) {
    chart(at("loss"), "Loss", curve(data.trainLoss, data.valLoss, data.testLoss), { show: short });
    if (data.trainAccuracy) {
      chart(at("accuracy"), "Accuracy", curve(data.trainAccuracy, data.valAccuracy, data.testAccuracy), { show: percent, most: 1 });
    } else {
      at("accuracy").remove();
    }
    chart(document.querySelector("#gradients figure"), "Euclidean norm of the gradient", data.gradients.map(g => ({ label: g.layer, values: g.values.map(v => v > 0 ? v : null) })), { show: short, log: true });
  } else {
    at("curves").remove();
    at("gradients").remove();
  }

  if (data.plane) {
    const p = data.plane, section = at("plane"), figure = section.querySelector("figure"), k = 6, side = p.side * k;
    section.hidden = false;
    figure.className = "square";
    const canvas = el("canvas");
    canvas.width = canvas.height = side;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Decision regions over " + p.names.join(" and ") + " with the test rows");
    paint(() => {
      const context = canvas.getContext("2d");
      for (let i = 0; i < p.said.length; i++) {
        const c = mix(rgb0.zero, rgb0.series[p.said[i] % 8], .12 + .5 * p.sure[i] / 100);
        context.fillStyle = `rgb(${c.map(Math.round).join()})`;
        context.fillRect(i % p.side * k, side - k - Math.floor(i / p.side) * k, k, k);
      }
      context.strokeStyle = css("--card");
      context.lineWidth = 1.5;
      p.points.forEach(([x, y, c]) => {
        context.fillStyle = css("--s" + c % 8);
        context.beginPath();
        context.arc((x - p.range[0]) / (p.range[1] - p.range[0]) * side, side - (y - p.range[2]) / (p.range[3] - p.range[2]) * side, 5, 0, 7);
        context.fill();
        context.stroke();
      });
    });
    const keys = el("div", "keys");
    data.classes.forEach((name, i) => { const key = el("span", "key", name); key.style.setProperty("--c", `var(--s${i % 8})`); keys.append(key); });
    put(figure, canvas, keys);
  }

  if (data.confusion) {
    const section = at("confusion"), names = data.classes, counts = data.confusion;
    section.hidden = false;
    const t = el("table", "matrix"), head = el("tr"), hint = el("p", "hint", "Point at a cell to read it.");
    put(head, el("th", "", "true \u2193 \u00a0 said \u2192"), ...names.map(n => el("th", "col", n)), ...["precision", "recall", "F1"].map(n => el("th", "", n)));
    head.querySelectorAll("th").forEach(th => { th.scope = "col"; th.title = th.textContent; });
    t.append(put(el("thead"), head));
    const body = el("tbody");
    counts.forEach((row, c) => {
      const tr = el("tr"), total = row.reduce((a, b) => a + b, 0), th = el("th", "", names[c]);
      th.scope = "row";
      tr.append(th);
      row.forEach((n, k) => {
        const td = el("td", "cell" + (n ? "" : " zero"), n), share = total ? n / total : 0, text = `${n} of ${total} rows of ${names[c]} were called ${names[k]} (${percent(share)})`;
        td.title = text;
        if (n) {
          td.style.background = c === k ? `rgba(var(--accent), ${.15 + .75 * share})` : `rgba(220, 68, 20, ${.2 + .8 * Math.min(1, 3 * share)})`;
          if (c === k ? share > .55 : share > .12) td.style.color = "#fff";
        }
        td.addEventListener("pointerenter", () => { hint.textContent = text; mark(c, k, true); });
        td.addEventListener("pointerleave", () => mark(c, k, false));
        tr.append(td);
      });
      const s = data.scores[c];
      put(tr, ...[s.precision, s.recall, s.f1].map(v => el("td", "score", percent(v))));
      body.append(tr);
    });
    const mark = (c, k, on) => [body.rows[c].cells[0], body.rows[c].cells[k + 1], head.cells[k + 1]].forEach(e => e.classList.toggle("mark", on));
    put(section.querySelector(".scroll"), put(t, body));
    section.append(hint);
  }

  if (data.fit) {
    const section = at("fit"), figure = section.querySelector("figure"), side = 520, pad = 54;
    section.hidden = false;
    figure.className = "square";
    const canvas = el("canvas"), all = data.fit.actual.concat(data.fit.said), low = Math.min(...all), high = Math.max(...all), span = high - low || 1;
    canvas.width = canvas.height = 2 * side;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Predicted against true values of the test rows");
    const x = v => pad + (v - low) / span * (side - pad - 14), y = v => side - pad - (v - low) / span * (side - pad - 14);
    paint(() => {
      const c = canvas.getContext("2d");
      c.setTransform(2, 0, 0, 2, 0, 0);
      c.clearRect(0, 0, side, side);
      c.font = "12px system-ui";
      c.strokeStyle = css("--grid");
      c.fillStyle = css("--soft");
      for (let i = 0; i <= 4; i++) {
        const v = low + span * i / 4;
        c.beginPath(); c.moveTo(x(v), y(low)); c.lineTo(x(v), y(high)); c.moveTo(x(low), y(v)); c.lineTo(x(high), y(v)); c.stroke();
        c.textAlign = "center"; c.fillText(short(+v.toPrecision(3)), x(v), side - pad + 18);
        c.textAlign = "right"; c.fillText(short(+v.toPrecision(3)), pad - 6, y(v) + 4);
      }
      c.textAlign = "center"; c.fillText("true", side / 2, side - 12);
      c.save(); c.translate(12, side / 2); c.rotate(-Math.PI / 2); c.fillText("predicted", 0, 0); c.restore();
      c.strokeStyle = css("--soft");
      c.beginPath(); c.moveTo(x(low), y(low)); c.lineTo(x(high), y(high)); c.stroke();
      c.fillStyle = css("--s0");
      c.globalAlpha = .65;
      data.fit.actual.forEach((v, i) => { c.beginPath(); c.arc(x(v), y(data.fit.said[i]), 3.5, 0, 7); c.fill(); });
      c.globalAlpha = 1;
    });
    figure.append(canvas);
  }

  if (data.mistakes) {
    const m = data.mistakes, section = at("mistakes"), content = section.querySelector(".content");
    section.hidden = false;
    section.querySelector(".lead").textContent = m.lead;
    if (m.image) {
      content.className = "tiles";
      m.items.forEach(item => {
        const [height, width] = m.image, tile = el("div", "tile"), line = el("div");
        put(line, "said ", el("span", "said", item.said), " ", percent(item.probability));
        put(tile, raster(width, height, i => mix([255, 255, 255], [17, 24, 39], item.pixels[i] / 100), `row ${item.row}: true ${item.actual}, said ${item.said}`), line, put(el("div"), "true ", el("span", "true", item.actual), " ", percent(item.trueProbability)));
        content.append(tile);
      });
    } else {
      content.className = "scroll";
      const said = data.classes ? item => [el("td", "good", item.actual), el("td", "bad", item.said), item.probability == null ? "" : percent(item.probability)] : item => [item.actual, item.said, item.error];
      content.append(table([{ n: "row" }, ...(data.classes ? ["true", "said", "probability"] : [{ n: "true" }, { n: "predicted" }, { n: "error" }]), ...m.columns.map(c => ({ n: c }))], m.items.map(item => [item.row, ...said(item), ...item.cells])));
    }
  }

  if (data.weights) {
    const w = data.weights, section = at("weights"), content = section.querySelector(".content");
    section.hidden = false;
    section.querySelector(".lead").textContent = w.lead;
    if (w.image) {
      const [height, width] = w.image, grid = el("div", "units");
      w.units.forEach((unit, i) => grid.append(raster(width, height, k => diverging(unit[k], 100), "weights of unit " + i)));
      put(content, grid, scale(w.max));
    } else {
      const t = el("table", "heat"), body = el("tbody");
      w.inputs.forEach((name, i) => {
        const tr = el("tr"), th = el("th", "", name);
        th.scope = "row";
        tr.append(th);
        w.units.forEach((unit, u) => {
          const td = el("td", "cell");
          td.title = `${name} → unit ${u}: ${short(unit[i] * w.max / 100)}`;
          paint(() => td.style.background = `rgb(${diverging(unit[i], 100).map(Math.round).join()})`);
          tr.append(td);
        });
        body.append(tr);
      });
      put(content, put(el("div", "scroll"), put(t, body)), scale(w.max));
    }
  }

  const health = at("health"), alarms = data.health.alarms;
  health.querySelector(".lead").textContent = alarms.length ? "What is wrong with how layers learn, at training rows, and what to try." : "No alarm at training rows: error signals arrive everywhere, no unit is stuck, steps are in proportion.";
  alarms.forEach(a => put(health.querySelector(".alarms"), put(el("li"), el("b", "", a.trouble + ", layer " + a.layer + ": "), `${a.finding} Try ${a.try}`)));
  put(health.querySelector(".scroll"), table(["layer", "output mean", "output std", "zero", "dead", "flat", "error", "weight", "gradient", "step / weight"], data.health.layers.map(l => [l.layer + " " + l.type, short(l.mean), short(l.std), percent(l.zero), percent(l.dead), percent(l.saturated), short(l.error), short(l.weight), short(l.gradient), short(l.update)])));
  put(at("configuration").querySelector(".scroll"), table(["setting", "value"], data.configuration));
})();
