namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>Who may send next: mails go in the order of their age. Not thread-safe.</summary>
/// <remarks>
/// A mail asks before its attempt is committed. Refused, it waits in the room while its grain sleeps, and is called when there is a
/// place; until then nobody younger gets one. Whoever has a place is <em>called</em>, <em>granted</em> (its attempt is being
/// committed) or a <em>job</em>.
/// </remarks>
/// <param name="window">Places that are filled by calls: enough to keep the service busy, too few for a herd.</param>
/// <param name="maxPlaces">Places in all, while nobody waits.</param>
/// <param name="room">Those who wait.</param>
internal sealed class TurnQueue(int window, int maxPlaces, WaitingRoom room)
{
    /// <summary>Longer than a commit takes: then its mail's process or store has failed.</summary>
    private static readonly TimeSpan GrantTime = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _called = [];
    private readonly Dictionary<string, DateTimeOffset> _granted = [];
    private int _jobs;

    public int Waiting => room.Count;

    public bool IsIdle => Places == 0 && room.Count == 0;

    public bool HasCalls => _called.Count > 0;

    private int Places => _called.Count + _granted.Count + _jobs;

    /// <summary>Gives the mail a place, or has it wait.</summary>
    public bool Ask(string mailId, DateTimeOffset age, DateTimeOffset now)
    {
        if (!_granted.ContainsKey(mailId) && !_called.Contains(mailId) && (Places >= maxPlaces || room.HasOlderThan(age)))
        {
            room.Add(mailId, age);
            return false;
        }

        Grant(mailId, now);
        return true;
    }

    /// <summary>Gives it a place, whoever waits.</summary>
    public void Grant(string mailId, DateTimeOffset now)
    {
        room.Remove(mailId);
        _called.Remove(mailId);
        _granted[mailId] = now;
    }

    public void Wait(string mailId, DateTimeOffset age) => room.Add(mailId, age);

    /// <summary>Its job begins.</summary>
    /// <returns>False: there is no place for it, as when it never asked.</returns>
    public bool Begin(string mailId)
    {
        if (!_granted.Remove(mailId) && Places >= maxPlaces) return false;
        _jobs++;
        return true;
    }

    public void End() => _jobs--;

    /// <summary>The mail that is to be called next; null when nobody waits or all places are taken.</summary>
    public string? Call() => Places < window ? CallOldest() : null;

    /// <summary>The mail that waits for longest, called whatever places there are.</summary>
    /// <param name="behind">These come when nobody else waits.</param>
    public string? CallOldest(IReadOnlySet<string>? behind = null)
    {
        if (room.TakeOldest(behind) is not { } next) return null;
        _called.Add(next);
        return next;
    }

    /// <summary>The call is over: whoever did not ask within it does not want its place.</summary>
    public void EndCall(string mailId) => _called.Remove(mailId);

    public bool HasPlace(string mailId) => _called.Contains(mailId) || _granted.ContainsKey(mailId);

    /// <summary>Takes back what was granted long ago to mails whose jobs never came.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach (var (mailId, at) in _granted)
        {
            if (now - at > GrantTime) _granted.Remove(mailId);
        }
    }
}
