namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>The ids of mails that wait for a turn, oldest first. Not thread-safe.</summary>
/// <remarks>
/// A place costs some 200 octets. Where there are more mails than places the youngest have none: they ask again by themselves, and by
/// then older ones have gone.
/// </remarks>
/// <param name="places">Mails at most.</param>
internal sealed class WaitingRoom(int places)
{
    private readonly SortedSet<(DateTimeOffset Age, string MailId)> _byAge = [];
    private readonly Dictionary<string, DateTimeOffset> _ages = [];

    public int Count => _ages.Count;

    /// <param name="mailId">In it once, however often it asks.</param>
    /// <param name="age">When it was accepted.</param>
    public void Add(string mailId, DateTimeOffset age)
    {
        Remove(mailId);
        _ages.Add(mailId, age);
        _byAge.Add((age, mailId));
        if (_ages.Count > places) Remove(_byAge.Max.MailId);
    }

    public void Remove(string mailId)
    {
        if (_ages.Remove(mailId, out var age)) _byAge.Remove((age, mailId));
    }

    /// <summary>Takes the oldest out; null when nobody waits.</summary>
    /// <param name="behind">These have been called before: they come when nobody else waits. Null: nobody.</param>
    public string? TakeOldest(IReadOnlySet<string>? behind = null)
    {
        if (_byAge.Count == 0) return null;
        var oldest = _byAge.FirstOrDefault(waiting => behind?.Contains(waiting.MailId) is not true).MailId ?? _byAge.Min.MailId;
        Remove(oldest);
        return oldest;
    }

    /// <summary>Somebody waits who was accepted earlier.</summary>
    public bool HasOlderThan(DateTimeOffset age) => _byAge.Count > 0 && _byAge.Min.Age < age;
}
