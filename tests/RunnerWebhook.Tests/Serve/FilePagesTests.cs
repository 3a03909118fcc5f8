using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

public sealed class FilePagesTests
{
    /// <summary>Code and constants of programs and libraries; neither what was relocated, nor data, nor memory without a file,
    /// nor a file that is merely read.</summary>
    [Fact]
    public void Unwritten_OfAProcess_IsWhatEqualsItsFile()
    {
        var found = FilePages.Unwritten("""
            5654838e8000-5654844cf000 r-xp 00030000 fe:00 1184 /app/runner-webhook
            Size:              12188 kB
            Rss:               11196 kB
            Anonymous:             0 kB
            VmFlags: rd ex mr mw me
            565485000000-56548501c000 r--p 017c2000 fe:00 1184 /app/runner-webhook
            Rss:                 112 kB
            Anonymous:           112 kB
            56548501c000-56548507a000 rw-p 017c3000 fe:00 1184 /app/runner-webhook
            Rss:                 376 kB
            Anonymous:             0 kB
            7fc7a3200000-7fc7a32c5000 r--p 00000000 fe:00 77 /usr/lib/a library.so
            Rss:                 788 kB
            Anonymous:             0 kB
            7fc7a32c5000-7fc7a32c6000 r-xp 000c5000 fe:00 77 /usr/lib/a library.so
            Rss:                   4 kB
            Anonymous:             4 kB
            7fc7a3300000-7fc7a3301000 r--p 00000000 fe:00 79 /usr/share/data
            Rss:                   4 kB
            Anonymous:             0 kB
            7fc7c8c00000-7fc7c8f01000 r--p 00000000 00:00 0
            Rss:                3076 kB
            Anonymous:             0 kB
            7ffd3a1fe000-7ffd3a202000 r--p 00000000 00:00 0    [vvar]
            Rss:                   0 kB
            Anonymous:             0 kB
            7fc7c9000000-7fc7c9001000 r--s 00000000 fe:00 78 /tmp/shared
            Rss:                   4 kB
            Anonymous:             0 kB
            """.Split('\n'));

        Assert.Equal(["5654838e8000 be7000 11464704", "7fc7a3200000 c5000 806912"],
            found.Select(mapping => $"{mapping.Start:x} {mapping.Length:x} {mapping.Resident}"));
    }

    [Fact]
    public void GiveBack_InARunningProcess_ReleasesPagesAndLeavesItAlive() =>
        Assert.InRange(FilePages.GiveBack(), 1, long.MaxValue);

    [Theory]
    [InlineData("/proc/self/none")]
    [InlineData("/proc/self")]
    public void GiveBack_WhereTheSystemListsNothing_GivesNothing(string mappings) =>
        Assert.Equal(0, FilePages.GiveBack(mappings));

    /// <summary>Pages are not given back between reviews of a series, and not again and again while none comes.</summary>
    [Fact]
    public void Look_OnceReviewsHaveEnded_GivesPagesBackOnce()
    {
        var reviews = 0L;
        using var idle = new IdlePages(() => reviews);
        var looks = new List<bool> { idle.Look() };
        foreach (var now in (long[])[1, 2, 2, 2, 3, 3])
        {
            reviews = now;
            looks.Add(idle.Look());
        }

        Assert.Equal([false, false, false, true, false, false, true], looks);
    }
}
