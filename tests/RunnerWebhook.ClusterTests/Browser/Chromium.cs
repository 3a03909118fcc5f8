using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.Browser;

/// <summary>Chromium without a window, driven by the DevTools protocol over its WebSocket.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-browser").FullName;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ConcurrentQueue<JsonNode> _events = new();
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Process _process;
    private Task _reading = Task.CompletedTask;
    private string _session = "";
    private int _last;

    private Chromium(string program) => _process = Process.Start(new ProcessStartInfo(program,
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
        "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={_folder}", "about:blank",
    ])
    { RedirectStandardError = true, RedirectStandardOutput = true })!;

    /// <summary>What the page has asked of the network, and what it complained of, so far.</summary>
    public IEnumerable<JsonNode> Events(string method) => _events.Where(each => (string)each["method"]! == method);

    /// <summary>Starts it, with one page.</summary>
    /// <param name="program">The browser's path.</param>
    public static async Task<Chromium> Start(string program)
    {
        var browser = new Chromium(program);
        const string announcement = "DevTools listening on ";
        string? line;
        using var timeout = new CancellationTokenSource(Patience);
        do
        {
            line = await browser._process.StandardError.ReadLineAsync(timeout.Token)
                ?? throw new InvalidOperationException("Chromium ended before it listened");
        }
        while (!line.StartsWith(announcement, StringComparison.Ordinal));
        _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);
        await browser._socket.ConnectAsync(new(line[announcement.Length..]), timeout.Token);
        browser._reading = browser.ReadAll();
        var target = await browser.Send("Target.createTarget", new() { ["url"] = "about:blank" });
        var attached = await browser.Send("Target.attachToTarget", new() { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        browser._session = (string)attached["sessionId"]!;
        foreach (var domain in (string[])["Page", "Runtime", "Network", "Log"])
        {
            await browser.Send(domain + ".enable", []);
        }

        return browser;
    }

    /// <summary>One command of the protocol, and its result.</summary>
    public async Task<JsonNode> Send(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session.Length > 0)
        {
            message["sessionId"] = _session;
        }

        await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, _end.Token);
        var got = await answer.Task.WaitAsync(Patience, _end.Token);
        return got["error"] is { } error ? throw new InvalidOperationException($"{method}: {error}") : got["result"]!;
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<T> Evaluate<T>(string expression)
    {
        var result = await Send("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return result["exceptionDetails"] is { } thrown ? throw new InvalidOperationException($"{expression}: {thrown}")
            : result["result"]!["value"]!.GetValue<T>();
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    public Task Until(string expression) => Cluster.Until(expression, () => Evaluate<bool>(expression));

    /// <summary>Opens a page and waits for its end.</summary>
    public async Task Open(string url)
    {
        await Send("Page.navigate", new() { ["url"] = url });
        await Until($"document.readyState === 'complete' && location.href === '{url}'");
    }

    /// <summary>Presses a key, perhaps with Ctrl (2) or Shift (8).</summary>
    public async Task Press(string key, int modifiers = 0)
    {
        var down = Key(key, modifiers);
        down["type"] = "keyDown";
        if (key == "Enter")
        {
            // A button is activated by the character that Enter makes.
            down["text"] = "\r";
        }

        if (key == "a" && modifiers == 2)
        {
            // Without a window there is no menu that would do it.
            down["commands"] = new JsonArray("selectAll");
        }

        await Send("Input.dispatchKeyEvent", down);
        var up = Key(key, modifiers);
        up["type"] = "keyUp";
        await Send("Input.dispatchKeyEvent", up);
    }

    private static JsonObject Key(string key, int modifiers) => new()
    {
        ["key"] = key,
        ["code"] = key == "a" ? "KeyA" : key,
        ["windowsVirtualKeyCode"] = key switch { "Tab" => 9, "Enter" => 13, _ => char.ToUpperInvariant(key[0]) },
        ["modifiers"] = modifiers,
    };

    /// <summary>Types a text into what has the focus.</summary>
    public Task Type(string text) => Send("Input.insertText", new() { ["text"] = text });

    /// <summary>A picture of the page, as PNG.</summary>
    public async Task<byte[]> Picture(int width, int height, string scheme)
    {
        await Send("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await Scheme(scheme);
        return Convert.FromBase64String((string)(await Send("Page.captureScreenshot", new() { ["format"] = "png" }))["data"]!);
    }

    /// <summary>Prefers a colour scheme.</summary>
    public Task Scheme(string scheme) => Send("Emulation.setEmulatedMedia", new()
    {
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
    });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _process.Dispose();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadAll()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            using var message = new MemoryStream();
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer), _end.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var json = JsonNode.Parse(message.ToArray())!;
            if (json["id"] is { } id && _asked.TryRemove((int)id, out var asked))
            {
                asked.SetResult(json);
            }
            else
            {
                _events.Enqueue(json);
            }
        }
    }
}
