using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Contents;

namespace Vsmtp.Storage.Tests.Contents;

public sealed class RecentContentsTests
{
    private readonly RecentContents _recent = new();

    [Fact]
    public void What_a_state_came_with_is_read_from_memory_as_it_is()
    {
        var content = Content("a", 300);
        _recent.Committed("m", State(MailPhase.Working, content));

        Assert.Equal(content.Inline.ToArray(), Read(content.Id));
        Assert.Null(_recent.Open(content.Id with { Length = 299 }));
        Assert.Null(_recent.Open(content.Id with { Key = "b" }));
    }

    [Fact]
    public void A_large_content_is_not_held()
    {
        var large = new StagedContent(new ContentId("a", 1_000_000, "0"), default);
        _recent.Committed("m", State(MailPhase.Working, large));
        Assert.Null(_recent.Open(large.Id));
    }

    [Fact]
    public void What_the_state_no_longer_names_is_gone_and_the_rest_stays()
    {
        var (original, returned) = (Content("a", 10), Content("b", 20));
        _recent.Committed("m", State(MailPhase.Delegated, original));
        _recent.Committed("m", State(MailPhase.Working, returned) with { Original = original.Id });
        Assert.NotNull(_recent.Open(original.Id));
        Assert.NotNull(_recent.Open(returned.Id));

        var again = Content("c", 30);
        _recent.Committed("m", State(MailPhase.Working, again) with { Original = original.Id });
        Assert.NotNull(_recent.Open(original.Id));
        Assert.Null(_recent.Open(returned.Id));
    }

    [Fact]
    public void Of_a_mail_that_has_ended_nothing_is_left()
    {
        var content = Content("a", 10);
        _recent.Committed("m", State(MailPhase.Deliver, content));
        _recent.Committed("m", State(MailPhase.Delivered, content) with { NewContents = [] });
        Assert.Null(_recent.Open(content.Id));
    }

    [Fact]
    public void No_more_than_eight_mebibytes_are_held_and_the_newest_of_them()
    {
        var contents = Enumerable.Range(0, 200).Select(i => Content($"key{i}", 64 * 1024)).ToArray();
        foreach (var (i, content) in contents.Index()) _recent.Committed($"m{i}", State(MailPhase.Working, content));

        var held = contents.Where(content => _recent.Open(content.Id) is not null).ToArray();
        Assert.Equal(contents[^127..], held);                  // a place is counted, too
    }

    [Fact]
    public void Of_many_small_ones_no_more_are_held_than_their_places_allow()
    {
        var contents = Enumerable.Range(0, 40_000).Select(i => Content($"key{i}", 1)).ToArray();
        foreach (var (i, content) in contents.Index()) _recent.Committed($"m{i}", State(MailPhase.Working, content));

        var held = contents.Count(content => _recent.Open(content.Id) is not null);
        Assert.InRange(held, 30_000, 33_000);
        Assert.NotNull(_recent.Open(contents[^1].Id));
    }

    private byte[] Read(ContentId id)
    {
        using var whole = new MemoryStream();
        using var stream = _recent.Open(id)!;
        stream.CopyTo(whole);
        return whole.ToArray();
    }

    private static MailState State(MailPhase phase, StagedContent content) =>
        new() { Phase = phase, Original = content.Id, Content = content.Id, NewContents = [content] };

    private static StagedContent Content(string key, int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return new StagedContent(new ContentId(key, length, "0"), ImmutableArray.Create(bytes));
    }
}
