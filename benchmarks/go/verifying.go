// Checks a bundle as pobratim-verify does, with the packages of Go's checksum database: the signature of the last
// checkpoint, every leaf and its fact, the root of the tree, and proofs of single leaves.
package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const proofs = 2000

type line struct {
	Leaf  *string
	State *string
	After string
}

type leaf struct {
	Index  int64
	Sha256 string
}

// kept holds the hashes of the whole tree, in the order in which tlog stores them.
type kept []tlog.Hash

func (k *kept) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for at, index := range indexes {
		found[at] = (*k)[index]
	}
	return found, nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func wrong(text string, index int64) { must(fmt.Errorf("leaf %d: %s", index, text)) }

func main() {
	file, err := os.Open(os.Args[1])
	must(err)
	unpacked, err := gzip.NewReader(bufio.NewReaderSize(file, 1<<20))
	must(err)
	lines := bufio.NewScanner(unpacked)
	lines.Buffer(make([]byte, 1<<20), 4_000_000)
	lines.Scan() // what the bundle claims to be
	lines.Scan() // nothing stands before the first leaf
	var hashes kept
	var count int64
	for lines.Scan() {
		var read line
		must(json.Unmarshal(lines.Bytes(), &read))
		if read.Leaf == nil {
			root(read.After, os.Args[2], &hashes, count)
			return
		}
		var told leaf
		must(json.Unmarshal([]byte(*read.Leaf), &told))
		sum := sha256.Sum256([]byte(*read.State))
		if told.Index != count || told.Sha256 != hex.EncodeToString(sum[:]) {
			wrong("it is not the one that was sealed", count)
		}
		more, err := tlog.StoredHashesForRecordHash(count, tlog.RecordHash([]byte(*read.Leaf)), &hashes)
		must(err)
		hashes = append(hashes, more...)
		count++
	}
	wrong("the bundle ends before its last line", count)
}

func root(signed string, vkey string, hashes *kept, count int64) {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	must(err)
	said := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(said[1], 10, 64)
	must(err)
	found, err := tlog.TreeHash(count, hashes)
	must(err)
	if size != count || said[2] != base64.StdEncoding.EncodeToString(found[:]) {
		wrong("the root is another one", count)
	}
	for n := int64(0); n < proofs && n < count; n++ {
		index := n * (count / min(proofs, count))
		path, err := tlog.ProveRecord(count, index, hashes)
		must(err)
		stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		must(err)
		must(tlog.CheckRecord(path, count, found, index, stored[0]))
		if index > 0 {
			older, err := tlog.TreeHash(index, hashes)
			must(err)
			steps, err := tlog.ProveTree(count, index, hashes)
			must(err)
			must(tlog.CheckTree(steps, count, found, index, older))
		}
	}
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
