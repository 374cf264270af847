using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>A message is a stream to and from the store, never one array (design rule 11).</summary>
public sealed class LargeMailTests(ITestOutputHelper output)
{
    private const int Megabyte = 1024 * 1024;
    private const long AllowedGrowth = 64 * Megabyte;

    [Fact]
    public async Task Twenty_megabytes_through_a_service_cost_less_than_64_megabytes_of_memory()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "proof: [\"X-Scanned\"],", timeout: "120s");
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        var warm = await site.SendAsync(Messages.Clean("small"));
        await site.DeliveredAsync(warm, "small");

        var message = Messages.Clean("large", string.Concat(Enumerable.Repeat($"{new string('x', 76)}\r\n", 20 * Megabyte / 78)));
        string id;
        long growth;
        await using (var watch = new MemoryWatch(site.Server.Id))
        {
            id = await site.SendAsync(message);
            await site.Server.WaitForAsync(id, "delivered");
            growth = watch.Peak - watch.Before;
            output.WriteLine($"{watch.Before / Megabyte} MB before, {watch.Peak / Megabyte} MB at most, {watch.Looks} looks");
            Assert.True(watch.Looks > 5, "the watch did not look");
        }

        Assert.True(growth < AllowedGrowth, $"The server grew by {growth / Megabyte} MB.");
        var mail = await site.DeliveredAsync(id, "large");
        Assert.Equal("X-Scanned: clean\r\n", mail.Text[..18]);
        Assert.True(Messages.BelowTrace(mail.Text[18..]) == message, "the message was changed");
    }
}
