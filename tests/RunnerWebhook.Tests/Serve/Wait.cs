using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Waits for what happens in the background.</summary>
internal static class Wait
{
    /// <summary>Fails where the condition isn't met within 10 seconds.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("it did not happen within 10 seconds");
    }
}
