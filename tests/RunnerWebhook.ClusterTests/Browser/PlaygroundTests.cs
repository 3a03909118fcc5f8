using System.Globalization;
using System.Runtime.CompilerServices;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Playground;
using Xunit;

namespace RunnerWebhook.ClusterTests.Browser;

/// <summary>The playground in a real browser. Skipped, with the reason, where Chromium can't be had.</summary>
public sealed class PlaygroundTests : IAsyncLifetime
{
    private const string Done = "document.getElementById('status').textContent !== ''";

    private readonly Microsoft.AspNetCore.Builder.WebApplication _app = PlaygroundServer.Build(0);
    private Chromium? _browser;
    private string _skipReason = "";

    private Chromium Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        (var program, _skipReason) = await ProvisionScript.Run(Script(), "Chromium can't be had");
        if (program is not null)
        {
            await _app.StartAsync();
            _browser = await Chromium.Start(program);
            await Browser.Open(_app.Urls.Single() + "/");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Try_Samples_ShowsTheAddedLinesTheGatesAndTheSettings()
    {
        Assert.SkipWhen(_browser is null, _skipReason);

        await Browser.Evaluate<bool>("document.querySelector('button').click(), true");
        await Browser.Until(Done);

        Assert.Matches(@"^Injected: \d+ lines added\.$", await Text("#status"));
        Assert.Contains("+       initContainers:", await Text("#result pre"));
        Assert.StartsWith("  apiVersion: apps/v1", await Text("#result pre"));
        Assert.Contains("✓ passed", await Text("#objects table"));
        Assert.Contains("register.url", await Text("#objects table:last-of-type"));
        Assert.Equal("", await Text("#problems"));
        await NothingFromOutside();
    }

    [Fact]
    public async Task Try_RejectedManifest_ShowsTheSentenceAndLeadsToTheLine()
    {
        Assert.SkipWhen(_browser is null, _skipReason);
        await Fill("manifest", "# mine\napiVersion: v1\nkind: Pod\nmetadata: {name: r, labels: {gitlab-runner: inject}}\nspec: {containers: [{name: a, image: a}, {name: b, image: b}]}\n");

        await Submit();

        Assert.Contains("none of the containers (a, b) is named gitlab-runner", await Text("#problems"));
        Assert.Contains("✗ failed", await Text("#objects"));
        Assert.Equal("1 problem. Nothing was injected.", await Text("#status"));
        Assert.Equal("", await Text("#result"));
        await Browser.Evaluate<bool>("document.querySelector('#problems button').click(), true");
        Assert.Equal("manifest:apiVersion: v1", await Selected());
        await NothingFromOutside();
    }

    [Fact]
    public async Task Try_ConfigurationError_ShowsTheLineAndLeadsToIt()
    {
        Assert.SkipWhen(_browser is null, _skipReason);
        await Fill("configuration", "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles:\n  default:\n    register:\n      taglist: [<img src=x onerror=alert(1)>]\n");

        await Submit();

        Assert.Contains("configuration, line 6", await Text("#problems"));
        Assert.Contains("did you mean 'tag-list'?", await Text("#problems"));
        await Browser.Evaluate<bool>("document.querySelector('#problems button').click(), true");
        Assert.Contains("taglist", await Selected());
        Assert.Equal(0, await Browser.Evaluate<int>("document.images.length"));
        await NothingFromOutside();
    }

    [Fact]
    public async Task Page_ByKeyboardAlone_CanBeUsedToTheEnd()
    {
        Assert.SkipWhen(_browser is null, _skipReason);
        await Browser.Press("Tab");
        Assert.Equal("manifest", await Focus());
        await Browser.Press("a", modifiers: 2);
        await Browser.Type("apiVersion: v1\nkind: Pod\nmetadata: {name: typed, labels: {gitlab-runner: inject}}\nspec:\n  containers:\n    - {name: gitlab-runner, image: i}\n");
        // Tab leaves the field, as it has to.
        await Browser.Press("Tab");
        Assert.Equal("configuration", await Focus());
        await Browser.Press("Tab");
        Assert.Equal("Try", await Focus());

        await Browser.Press("Enter");
        await Browser.Until(Done);

        Assert.Contains("name: typed", await Text("#result pre"));
        await Browser.Press("Tab");
        Assert.StartsWith("Injected manifest", await Focus());
        Assert.NotEqual("none", await Browser.Evaluate<string>("getComputedStyle(document.activeElement).outlineStyle"));

        await Browser.Press("Tab", modifiers: 8);
        await Browser.Press("Tab", modifiers: 8);
        await Browser.Press("a", modifiers: 2);
        await Browser.Type("kind: Nonsense");
        await Browser.Press("Enter", modifiers: 2);
        await Browser.Until("document.querySelector('#problems button') !== null");
        await Browser.Press("Tab");
        await Browser.Press("Tab");
        Assert.StartsWith("configuration, line 1", await Focus());
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Page_InEachColourScheme_HasContrast(string scheme)
    {
        Assert.SkipWhen(_browser is null, _skipReason);
        await Browser.Scheme(scheme);
        await Submit();

        var background = await Colour("body", "backgroundColor");
        Assert.Equal(scheme == "dark", Luminance(background) < 0.2);
        foreach (var (text, under) in new[] { ("body", "body"), (".faint", "body"), (".good", "body"), ("#manifest", "#manifest"),
            ("form button", "form button"), ("pre .added", "pre .added") })
        {
            var contrast = Contrast(await Colour(text, "color"), await Colour(under, "backgroundColor"));
            Assert.True(contrast >= 4.5, $"{scheme}: {text} on {under} has a contrast of {contrast:0.0}");
        }

        var picture = await Browser.Picture(1100, 900, scheme);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        var folder = Directory.CreateDirectory(Path.Combine(Webhook.Repository, "artifacts")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, $"playground-{scheme}.png"), picture, TestContext.Current.CancellationToken);
    }

    /// <summary>What screen readers need: every field has a label, every table its caption and heads, and the outcome is announced.</summary>
    [Fact]
    public async Task Page_ForScreenReaders_NamesItsParts()
    {
        Assert.SkipWhen(_browser is null, _skipReason);
        await Submit();

        Assert.True(await Browser.Evaluate<bool>("[...document.querySelectorAll('textarea')].every(each => each.labels.length === 1)"));
        Assert.True(await Browser.Evaluate<bool>("[...document.querySelectorAll('table')].every(each => each.caption && each.querySelectorAll('th[scope=col]').length > 1)"));
        Assert.Equal("status", await Browser.Evaluate<string>("document.getElementById('status').getAttribute('role')"));
        Assert.Equal("en", await Browser.Evaluate<string>("document.documentElement.lang"));
        Assert.Equal(1, await Browser.Evaluate<int>("document.querySelectorAll('h1').length"));
        Assert.Equal(1, await Browser.Evaluate<int>("document.querySelectorAll('main').length"));
    }

    private async Task Submit()
    {
        await Browser.Evaluate<bool>("document.querySelector('form button').click(), true");
        await Browser.Until(Done);
    }

    private Task<bool> Fill(string field, string text) =>
        Browser.Evaluate<bool>($"document.getElementById('{field}').value = {System.Text.Json.JsonSerializer.Serialize(text)}, true");

    private Task<string> Text(string selector) => Browser.Evaluate<string>(
        $"[...document.querySelectorAll('{selector}')].map(each => each.tagName === 'PRE' ? [...each.children].map(line => line.textContent).join('\\n') : each.textContent).join(' ')");

    private Task<string> Focus() => Browser.Evaluate<string>(
        "document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.textContent");

    private Task<string> Selected() => Browser.Evaluate<string>(
        "(it => it.id + ':' + it.value.slice(it.selectionStart, it.selectionEnd))(document.activeElement)");

    // No request but to this server, and no complaint, as of a broken policy.
    private async Task NothingFromOutside()
    {
        await Browser.Evaluate<int>("new Promise(done => setTimeout(() => done(1), 100))");
        Assert.All(Browser.Events("Network.requestWillBeSent"), request =>
            Assert.StartsWith(_app.Urls.Single() + "/", (string)request["params"]!["request"]!["url"]!));
        Assert.DoesNotContain(Browser.Events("Log.entryAdded"), entry =>
            !((string?)entry["params"]!["entry"]!["url"] ?? "").EndsWith("/favicon.ico", StringComparison.Ordinal));
        Assert.Empty(Browser.Events("Runtime.exceptionThrown"));
    }

    private async Task<double[]> Colour(string selector, string property)
    {
        var text = await Browser.Evaluate<string>($"getComputedStyle(document.querySelector('{selector}')).{property}");
        return [.. text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',').Take(3).Select(part => double.Parse(part, CultureInfo.InvariantCulture) / 255)];
    }

    private static double Luminance(double[] colour)
    {
        var linear = colour.Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static double Contrast(double[] one, double[] other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static string Script([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "chromium.sh");
}
