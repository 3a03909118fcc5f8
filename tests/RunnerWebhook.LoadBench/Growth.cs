using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.LoadBench;

/// <summary>Measures what a review costs as objects and configurations grow: the engine alone, from bytes to bytes.</summary>
/// <param name="pod">The review of a Pod, as an API server sent it.</param>
internal sealed class Growth(byte[] pod)
{
    private const string Known = "like one before";
    private const string New = "never seen before";
    private const int Rounds = 10;
    private const int Batch = 4;

    private static readonly int[] Kilobytes = [4, 16, 64, 256, 1024, 1536];
    private static readonly int[] Counts = [1, 10, 100, 1_000, 10_000];
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(20);

    private readonly ArrayBufferWriter<byte> _answer = new(64 * 1024);

    /// <summary>Measures all of it.</summary>
    public IEnumerable<GrowthPoint> Measure() =>
    [
        .. Points("kB of the review", Kilobytes, kilobytes => (Engine(), [OfSize(kilobytes * 1024)])),
        .. Points("rules of the policy", Counts, rules => (Engine(rules: rules), [pod])),
        .. Points("profiles", Counts, profiles => (Engine(profiles: profiles), [pod])),
        .. Points("namespaces of the pods", Counts, namespaces => (Engine(),
            [.. Enumerable.Range(0, namespaces).Select(index => InNamespace($"team-{index}"))])),
    ];

    private IEnumerable<GrowthPoint> Points(string what, int[] values, Func<int, (Injector Engine, byte[][] Bodies)> setUp) =>
        from review in new[] { Known, New }
        from value in values
        select new GrowthPoint(what, review, value, Cost(setUp(value), review == Known));

    // CPU time, the best of several rounds: what else the machine does only adds.
    private double Cost((Injector Engine, byte[][] Bodies) set, bool isKnown)
    {
        var memo = new ReviewMemo(set.Engine);
        var (best, next) = (double.MaxValue, 0);
        for (var round = -2; round < Rounds; round++)
        {
            var (start, spent, answered) = (Environment.CpuUsage.TotalTime, TimeSpan.Zero, 0);
            for (; spent < Round; spent = Environment.CpuUsage.TotalTime - start)
            {
                for (var i = 0; i < Batch; i++, answered++)
                {
                    Answer(isKnown ? memo : new ReviewMemo(set.Engine), set.Bodies[next++ % set.Bodies.Length]);
                }
            }

            // The first rounds warm it up.
            best = round < 0 ? best : Math.Min(best, spent.TotalMicroseconds / answered);
        }

        return best;
    }

    private void Answer(ReviewMemo memo, byte[] body)
    {
        using var review = memo.Read(body, out var problem) ?? throw new InvalidOperationException(problem);
        _answer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_answer);
        AdmissionResponseWriter.Write(json, review.Request.Uid, review.Decide(metadata: null), default);
    }

    // The last rule is the namespace's; the default profile is the pod's.
    private static Injector Engine(int rules = 0, int profiles = 1)
    {
        var usual = RunnerConfiguration.BuiltIn.Default;
        usual = usual with
        {
            Register = usual.Register.Add("url", ["https://gitlab.example.com/"]).Add("docker-image", ["docker:27"]),
        };
        return new(new(Enumerable.Range(1, profiles - 1).Select(index => usual with { Name = $"profile-{index}" }).Prepend(usual)
            .ToImmutableDictionary(profile => profile.Name))
        {
            Policy = rules == 0 ? null : [.. Enumerable.Range(0, rules).Select(index => new PolicyRule
            {
                Index = index,
                Line = index + 1,
                Namespaces = [index < rules - 1 ? $"team-{index}-*" : "*"],
            })],
        }, "0.0.0");
    }

    // With annotations of a kilobyte each.
    private byte[] OfSize(int bytes) => With(request =>
    {
        var annotations = new JsonObject();
        for (var left = bytes - pod.Length; left > 0; left -= 1024)
        {
            annotations[$"example.com/note-{left}"] = new string('x', Math.Min(left, 1000));
        }

        request["object"]!["metadata"]!["annotations"] = annotations;
    });

    private byte[] InNamespace(string name) => With(request =>
    {
        request["namespace"] = name;
        request["object"]!["metadata"]!["namespace"] = name;
    });

    private byte[] With(Action<JsonNode> change)
    {
        var review = JsonNode.Parse(pod)!;
        change(review["request"]!);
        return ReviewSeries.Bytes(review);
    }
}
