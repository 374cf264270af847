namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>
/// Every class of reply to every command at one host of a domain, and whatever its other host does: what becomes of each recipient, when the mail is
/// tried again, what its sender hears.
/// </summary>
public sealed class SeveralHostsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static TheoryData<Command> Commands => [.. Enum.GetValues<Command>()];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_reply_to_a_command_makes_it_so(Command command) =>
        await TryAsync([.. Cell.All(command, Enum.GetValues<Word>().Except([Word.Silence]))], patience: null);

    /// <summary>Fewer of them: each takes as long as we are patient.</summary>
    [Fact]
    public async Task Silence_is_no_answer_to_any_command()
    {
        var cells = Enum.GetValues<Command>().SelectMany(command => Cell.All(command, [Word.Silence]));
        await TryAsync([.. cells.Where(cell => cell is { IsOrdered: true, IsPipelined: true })], Patience);
    }

    private static async Task TryAsync(IReadOnlyList<Cell> cells, TimeSpan? patience)
    {
        await using var site = await MatrixSite.StartAsync(cells, patience);
        using var room = new SemaphoreSlim(64);
        var faults = await Task.WhenAll(cells.Select(async (cell, number) =>
        {
            await room.WaitAsync();
            try
            {
                return await site.TryAsync(number, cell);
            }
            finally
            {
                room.Release();
            }
        }));
        Assert.Equal("", string.Join('\n', faults.OfType<string>().Take(20)));
    }
}
