using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order in which its keys were added.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
    where TKey : notnull
{
    private readonly List<(TKey, TValue)> _items = [];
    private readonly Dictionary<TKey, TValue> _values = [];

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public TValue this[TKey key]
    {
        get => _values[key];
        set
        {
            if (_values.ContainsKey(key))
                _items[IndexOf(key)] = (key, value);
            else
                _items.Add((key, value));
            _values[key] = value;
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => _items[index];
        set
        {
            _values.Remove(_items[index].Item1);
            _values.Add(value.Item1, value.Item2);
            _items[index] = value;
        }
    }

    private int IndexOf(TKey key) =>
        _items.FindIndex(item => EqualityComparer<TKey>.Default.Equals(item.Item1, key));

    public ICollection<TKey> Keys => _items.Select(item => item.Item1).ToList();

    public ICollection<TValue> Values => _items.Select(item => item.Item2).ToList();

    public IEnumerable<TKey> keys() => Keys;

    public IEnumerable<TValue> values() => Values;

    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _items.Add((key, value));
    }

    internal bool TryAdd(TKey key, TValue value)
    {
        if (!_values.TryAdd(key, value))
            return false;
        _items.Add((key, value));
        return true;
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        _values.Add(item.Item1, item.Item2);
        _items.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        if (!_values.Remove(key))
            return false;
        _items.RemoveAt(IndexOf(key));
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Contains(item) && Remove(item.Key);

    public void RemoveAt(int index) => Remove(_items[index].Item1);

    public void Clear()
    {
        _items.Clear();
        _values.Clear();
    }

    public void clear() => Clear();

    public bool ContainsKey(TKey key) => _values.ContainsKey(key);

    public bool Contains((TKey, TValue) item) => _items.Contains(item);

    public bool Contains(KeyValuePair<TKey, TValue> item) => _items.Contains((item.Key, item.Value));

    public int IndexOf((TKey, TValue) item) => _items.IndexOf(item);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        _values.TryGetValue(key, out value);

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in _items)
            array[arrayIndex++] = KeyValuePair.Create(key, value);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        _items.Select(item => KeyValuePair.Create(item.Item1, item.Item2)).GetEnumerator();
}
