using System.Globalization;
using CsCheck;
using RunnerWebhook.Core.Registration;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

public sealed class RegisterValueTests
{
    private static readonly Gen<string> Digits = Gen.Int[0, 99_999].Select(number => number.ToString(CultureInfo.InvariantCulture));

    private static readonly Gen<string> Decimals =
        Gen.Select(Digits, Gen.Int[0, 2], (digits, shape) => shape switch { 0 => digits, 1 => $"{digits}.5", _ => $".{digits}" });

    private static readonly Gen<string> Durations =
        Gen.Select(Decimals, OneOf("ns", "us", "µs", "ms", "s", "m", "h"), (number, unit) => number + unit)
            .Array[1, 4].Select(string.Concat);

    [Theory]
    [InlineData("locked", "true")]
    [InlineData("maximum-timeout", "0")]
    [InlineData("maximum-timeout", "600")]
    [InlineData("limit", "9223372036854775807")]
    [InlineData("docker-oom-score-adjust", "-1000")]
    [InlineData("docker-services-limit", "-1")]
    [InlineData("docker-wait-for-services-timeout", "-1")]
    [InlineData("unhealthy-interval", "0")]
    [InlineData("unhealthy-interval", "1.5h")]
    [InlineData("unhealthy-interval", "1h2m3.5s")]
    [InlineData("unhealthy-interval", "2562047h")]
    [InlineData("unhealthy-interval", "9223372036854775807ns")]
    [InlineData("docker-memory", "512m")]
    [InlineData("docker-memory", "1.5 GiB")]
    [InlineData("docker-memory", "4194304")]
    [InlineData("docker-memory-swap", "64k")]
    [InlineData("docker-cpus", "0.5")]
    [InlineData("docker-cpus", "3/2")]
    [InlineData("docker-cpuset-cpus", "0-2,4")]
    [InlineData("url", "https://gitlab.example.com:8443/path")]
    [InlineData("url", "http://[fd00::1]/")]
    [InlineData("access-level", "ref_protected")]
    [InlineData("env", "A=")]
    [InlineData("env", "CERT=-----BEGIN\nEND-----\n")]
    [InlineData("docker-dns", "10.0.0.2")]
    [InlineData("docker-dns", "fd00::2")]
    [InlineData("docker-extra-hosts", "gitlab.local:10.0.0.5")]
    [InlineData("docker-extra-hosts", "host.docker.internal:host-gateway")]
    [InlineData("docker-extra-hosts", "six:fd00::5")]
    [InlineData("docker-mac-address", "92:d0:c6:0a:29:33")]
    [InlineData("docker-pull-policy", "if-not-present")]
    [InlineData("feature-flags", """{"FF_NETWORK_PER_BUILD": true}""")]
    [InlineData("docker-tmpfs", """{"/run": "rw,noexec"}""")]
    [InlineData("docker-services_devices", """{"nvidia/*": ["/dev/nvidia0"]}""")]
    [InlineData("description", "")]
    [InlineData("description", "- Ünïcode 🦊 \"quoted\" $(x)")]
    [InlineData("pre-build-script", "set -e\n\techo hello\r\n")]
    public void Problem_GoodValue_IsNone(string option, string value) => Assert.Null(Problem(option, value));

    [Theory]
    [InlineData("locked", "yes", "is 'yes', but must be true or false")]
    [InlineData("locked", "True", "is 'True', but must be true or false")]
    [InlineData("locked", "", "is '', but must be true or false")]
    [InlineData("maximum-timeout", "5x", "is '5x', but must be 0 or a whole number, 600 or more")]
    [InlineData("maximum-timeout", "599", "is '599', but must be 0 or a whole number, 600 or more")]
    [InlineData("limit", "-1", "is '-1', but must be a whole number, 0 or more")]
    [InlineData("limit", "010", "is '010', but must be a whole number, 0 or more")]
    [InlineData("limit", "1e3", "is '1e3', but must be a whole number, 0 or more")]
    [InlineData("limit", "9223372036854775808", "is '9223372036854775808', but must be a whole number, 0 or more")]
    [InlineData("limit", "１", "is '１', but must be a whole number, 0 or more")]
    [InlineData("docker-oom-score-adjust", "1001", "is '1001', but must be a whole number from -1000 to 1000")]
    [InlineData("unhealthy-interval", "5x", "is '5x', but must be a duration such as 30s, 5m or 1.5h")]
    [InlineData("unhealthy-interval", "5", "is '5', but must be a duration such as 30s, 5m or 1.5h")]
    [InlineData("unhealthy-interval", "-5m", "is '-5m', but must be a duration such as 30s, 5m or 1.5h")]
    [InlineData("unhealthy-interval", "1h30min", "is '1h30min', but must be a duration such as 30s, 5m or 1.5h")]
    [InlineData("unhealthy-interval", "2562048h", "is '2562048h', but must be a duration such as 30s, 5m or 1.5h")]
    [InlineData("unhealthy-interval", "9223372036854775808ns", "is '9223372036854775808ns', but must be a duration such as 30s, 5m or 1.5h")]
    [InlineData("docker-memory", "512x", "is '512x', but must be an amount of memory such as 512m or 2g, at least 4m")]
    [InlineData("docker-memory", "3m", "is '3m', but must be an amount of memory such as 512m or 2g, at least 4m")]
    [InlineData("docker-memory", "512", "is '512', but must be an amount of memory such as 512m or 2g, at least 4m")]
    [InlineData("docker-memory-swap", "-1", "is '-1', but must be an amount of memory such as 512m or 2g")]
    [InlineData("docker-cpus", "0", "is '0', but must be a number of CPUs above 0 such as 2, 0.5 or 3/2")]
    [InlineData("docker-cpus", "0/5", "is '0/5', but must be a number of CPUs above 0 such as 2, 0.5 or 3/2")]
    [InlineData("docker-cpus", "500m", "is '500m', but must be a number of CPUs above 0 such as 2, 0.5 or 3/2")]
    [InlineData("docker-shm-size", "64m", "is '64m', but must be a whole number, 0 or more")]
    [InlineData("url", "gitlab.example.com", "is 'gitlab.example.com', but must be an http or https URL")]
    [InlineData("url", "ftp://gitlab.example.com", "is 'ftp://gitlab.example.com', but must be an http or https URL")]
    [InlineData("url", "https://", "is 'https://', but must be an http or https URL")]
    [InlineData("url", "", "is '', but must be an http or https URL")]
    [InlineData("access-level", "protected", "is 'protected', but must be one of not_protected, ref_protected")]
    [InlineData("executor", "dokcer", "is 'dokcer', but must be one of docker, custom, docker+machine, docker-autoscaler, docker-windows, instance, kubernetes, parallels, shell, ssh, virtualbox")]
    [InlineData("env", "A", "is not valid, but must be NAME=VALUE, with a name of letters, digits and '_'")]
    [InlineData("env", "1A=b", "is not valid, but must be NAME=VALUE, with a name of letters, digits and '_'")]
    [InlineData("docker-dns", "1", "is '1', but must be an IP address such as 10.0.0.2 or fd00::2")]
    [InlineData("docker-dns", "010.0.0.2", "is '010.0.0.2', but must be an IP address such as 10.0.0.2 or fd00::2")]
    [InlineData("docker-extra-hosts", "gitlab", "is 'gitlab', but must be NAME:ADDRESS, with an IP address or host-gateway")]
    [InlineData("docker-extra-hosts", "gitlab:other", "is 'gitlab:other', but must be NAME:ADDRESS, with an IP address or host-gateway")]
    [InlineData("docker-pull-policy", "Always", "is 'Always', but must be one of always, if-not-present, never")]
    [InlineData("feature-flags", "FF_A:true", "is 'FF_A:true', but must be an object of true and false, or KEY:true with commas in between")]
    [InlineData("feature-flags", """{"FF_A":"true"}""", "holds a string under 'FF_A', but must be an object of true and false, or KEY:true with commas in between")]
    [InlineData("docker-tmpfs", """{"/a":1}""", "holds a number under '/a', but must be an object of strings, or KEY:VALUE with commas in between")]
    [InlineData("docker-tmpfs", """{"/a":"","/a":""}""", """is '{"/a":"","/a":""}', but must be an object of strings, or KEY:VALUE with commas in between""")]
    [InlineData("description", "a\nb", "holds the control character U+000A, which is not allowed here")]
    [InlineData("description", "a\u001b[2J", "holds the control character U+001B, which is not allowed here")]
    [InlineData("description", "a\u0085", "holds the control character U+0085, which is not allowed here")]
    [InlineData("pre-build-script", "a\0", "holds a NUL character, which no argument can hold")]
    [InlineData("pre-build-script", "a\u001b", "holds the control character U+001B, which is not allowed here")]
    [InlineData("tag-list", "a,b", "is 'a,b', but must be free of commas (the list is joined by them)")]
    [InlineData("tag-list", "", "holds an empty value: leave it out")]
    public void Problem_BadValue_TellsWhatIsAllowed(string option, string value, string problem) =>
        Assert.Equal(problem, Problem(option, value));

    [Theory]
    [InlineData("cache-s3-secret-key", "bad\u0007secret")]
    [InlineData("url", "https://me:bad-secret@gitlab.example.com/")]
    public void Problem_Credential_IsNotRepeated(string option, string value) =>
        Assert.DoesNotContain("secret@", Problem(option, value)!.Replace("bad", "", StringComparison.Ordinal));

    [Theory]
    [InlineData(1)]
    [InlineData(61)]
    [InlineData(100_000)]
    public void Problem_LongValue_IsShownShort(int length)
    {
        var problem = Problem("url", string.Concat(Enumerable.Repeat("🦊", length)));

        Assert.True(problem!.Length < 120);
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(problem)));
    }

    [Fact]
    public void Problem_NumberOfValues_IsChecked()
    {
        Assert.Equal("takes one value, but has 2", RegisterValue.Problem(Option("url"), ["https://a/", "https://b/"]));
        Assert.Equal("takes one value, but has 0", RegisterValue.Problem(Option("url"), []));
        Assert.Null(RegisterValue.Problem(Option("tag-list"), []));
        Assert.Equal("is longer than 100000 bytes", Problem("description", new string('ä', 50_001)));
        Assert.Equal("is 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…', but must be 255 characters at most",
            Problem("maintenance-note", new string('a', 256)));
    }

    [Fact]
    public void Problem_DurationOfGo_IsTaken() => Durations.Sample(text => Assert.Null(Problem("unhealthy-interval", text)));

    [Fact]
    public void Problem_DurationWithAForeignCharacter_IsRefused() =>
        Gen.Select(Durations, OneOf('x', 'd', ' ', '+', ',', '\u0661')).Sample((text, foreign) =>
        {
            Assert.NotNull(Problem("unhealthy-interval", text + foreign));
            Assert.NotNull(Problem("unhealthy-interval", foreign + text));
        });

    [Fact]
    public void Problem_Memory_IsJudgedByItsBytes() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[0, 3], OneOf("", "b", "ib")).Sample((number, power, suffix) =>
        {
            var unit = power == 0 ? suffix == "ib" ? "" : suffix : "bkmg"[power] + suffix;
            var bytes = number * Math.Pow(1024, power);

            Assert.Equal(bytes >= 4 << 20, Problem("docker-memory", string.Create(CultureInfo.InvariantCulture, $"{number}{unit}")) is null);
        });

    [Fact]
    public void Problem_AnyText_NeverThrowsAndStaysShort() =>
        Gen.Select(OneOf([.. RegisterOptions.All]), Gen.String[0, 200]).Sample((option, text) =>
        {
            var problem = RegisterValue.Problem(option, [text]);
            Assert.True(problem is null || (problem.Length < 300 && !problem.Any(char.IsControl)), problem);
        });

    // What kubelet does to arguments, after the description of `args` in the API of containers.
    [Fact]
    public void Escape_AnyText_IsWhatKubeletExpandsBack() =>
        Gen.String[OneOf('$', '(', ')', 'A', ' '), 0, 12].Sample(text =>
        {
            Assert.Equal(text, Expanded(VariableReference.Escape(text)));
        }, iter: 5_000);

    [Fact]
    public void Options_EveryOne_IsDescribed() => Assert.All(RegisterOptions.All, option =>
    {
        Assert.Matches("^[a-z0-9_-]+$", option.Name);
        Assert.Matches("^[A-Z][^\n]{5,110}[^.]$", option.Meaning);
        Assert.Equal(option.Kind == RegisterOptionKind.Word, !option.Words.IsEmpty);
        Assert.True(option.ServerSide == (option.Key.Length == 0) || option.Name == "leave-runner", option.Name);
        Assert.Matches("^([1-9][0-9]?[.][0-9]+)?$", option.Since);
        Assert.False(option.Secret && option.IsList);
    });

    [Fact]
    public void Options_All_HaveOneNameEach() =>
        Assert.Equal(RegisterOptions.All.Length, RegisterOptions.All.DistinctBy(option => option.Name).Count());

    // The seven options that are fatal together with `--token glrt-…` (runner 19.3).
    [Fact]
    public void Options_ServerSide_AreTheSeven() => Assert.Equal(
        ["tag-list", "run-untagged", "locked", "access-level", "paused", "maximum-timeout", "maintenance-note"],
        RegisterOptions.All.Where(option => option.ServerSide).Select(option => option.Name));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static RegisterOption Option(string name) => RegisterOptions.Find(name)!;

    private static string? Problem(string option, string value) => RegisterValue.Problem(Option(option), [value]);

    private static string Expanded(string text)
    {
        var result = new System.Text.StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var next = at + 1 < text.Length ? text[at + 1] : ' ';
            var end = next == '(' ? text.IndexOf(')', at) : -1;
            if (text[at] == '$' && next == '$')
            {
                result.Append('$');
                at++;
            }
            else if (text[at] == '$' && end > 0)
            {
                result.Append("EXPANDED");
                at = end;
            }
            else
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }
}
